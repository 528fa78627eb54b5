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
  const here = placeOf(executionArn);
  const named: [field: string, arn: string][] = [
    ['database', database],
    ['wayBack.login.secret', wayBack.login?.secret ?? ''],
    ['tests.load.secret', tests.load?.secret ?? ''],
    ...Object.entries(hooks).flatMap(([name, hook]): [string, string][] =>
      hook ? [[`hooks.${name}.arn`, hook.arn]] : [],
    ),
  ];
  return named
    .filter(([, arn]) => arn.startsWith('arn:') && placeOf(arn) !== here)
    .map(
      ([field, arn]) =>
        `${field}: is in ${placeOf(arn)}, and this run is in ${here}; start the run where the database is`,
    );
}

/** `arn:aws:rds:REGION:ACCOUNT:…` */
function placeOf(arn: string): string {
  const [, , , region, account] = arn.split(':');
  return `account ${account}, ${region}`;
}
