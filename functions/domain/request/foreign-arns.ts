import type { Request } from './request.ts';

/**
 * What a request names in another account or Region, each as "field: problem; fix". A run reads, changes and invokes only what is where it runs
 * itself.
 * @param executionArn of the run
 */
export function findForeignArns(
  { database, hooks, wayBack, tests }: Pick<Request, 'database' | 'hooks' | 'wayBack' | 'tests'>,
  executionArn: string,
): string[] {
  const named: NamedArn[] = [
    ['database', database],
    ['wayBack.login.secret', wayBack.login?.secret ?? ''],
    ['tests.load.secret', tests.load?.secret ?? ''],
    ...Object.entries(hooks).flatMap(([name, hook]): NamedArn[] =>
      hook ? [[`hooks.${name}.arn`, hook.arn]] : [],
    ),
  ];
  return findForeign(named, executionArn);
}

type NamedArn = [field: string, arn: string];

/** Those of the fields that name something in another account or Region than the execution. What is no ARN is a name, and here. */
export function findForeign(named: NamedArn[], executionArn: string): string[] {
  const here = placeOf(executionArn);
  return named
    .filter(([, arn]) => arn.startsWith('arn:') && !isAtHome(arn, executionArn))
    .map(
      ([field, arn]) =>
        `${field}: is in ${placeOf(arn)}, and this run is in ${here}; start the run where the database is`,
    );
}

/** Whether both are of one account and Region. */
export const isAtHome = (arn: string, executionArn: string): boolean =>
  placeOf(arn) === placeOf(executionArn);

/** `arn:aws:rds:REGION:ACCOUNT:…` */
function placeOf(arn: string): string {
  const [, , , region, account] = arn.split(':');
  return `account ${account}, ${region}`;
}
