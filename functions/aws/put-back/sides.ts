import type { DBInstance } from '@aws-sdk/client-rds';
import type { Scaling } from '../../domain/close/scaling.ts';
import type { Reading } from '../../domain/model/reading.ts';
import { findWriter, type RawSide } from '../rds/side.ts';

/** What is compared: the side that served, and the one that serves. */
export interface Sides {
  former: RawSide;
  serving: RawSide;
  /** The name of production (`Database.id`), which comes along unless a record of Route 53 leads to another one. */
  production: string;
  /** Auto scaling as it was registered before names changed. */
  scaling?: Reading<Scaling | null> | undefined;
  /** The cut is still to come: names and tags are those that it will give. */
  ahead?: true;
  /** RDS is not switching over any more: it shows where proxies lead only then. */
  isOver?: boolean;
}

/** Without what a deployment, going back or a clone adds to a name. */
export const firstNameOf = (name: string): string =>
  name.replace(/-(old\d+|new1|green-[a-z0-9]{6}|way-back-[0-9a-f]{8}(-1)?)$/, '');

/** The name of the cluster or of the primary. */
export const nameOf = ({ cluster, instances: [primary] }: RawSide): string =>
  cluster?.DBClusterIdentifier ?? primary?.DBInstanceIdentifier ?? '';

/** The cluster, or the primary: what most things of a database are attached to. */
export const topOf = ({ cluster, instances: [primary] }: RawSide) => cluster ?? primary;

/** Each instance of the former production and its counterpart: the writer's is the writer, that of others has their plain name. */
export function pairInstances({
  former,
  serving,
}: Pick<Sides, 'former' | 'serving'>): { from: DBInstance; to: DBInstance | undefined }[] {
  const [fromWriter, toWriter] = [findWriter(former), findWriter(serving)];
  const others = serving.instances.filter((one) => one !== toWriter);
  return former.instances.map((from) => ({
    from,
    to: from === fromWriter ? toWriter : others.find((one) => isNamesake(one, from)),
  }));
}

const isNamesake = (one: DBInstance, other: DBInstance): boolean =>
  firstNameOf(one.DBInstanceIdentifier ?? '') === firstNameOf(other.DBInstanceIdentifier ?? '');

/**
 * Blue and green as the cut will leave them: green with the names and the tags of blue (user guide, "Switching a blue/green
 * deployment"), so that whatever goes by name is seen to come along.
 */
export function asAfterTheCut(blue: RawSide, green: RawSide): Pick<Sides, 'former' | 'serving' | 'ahead'> {
  const pairs = pairInstances({ former: blue, serving: green });
  const counterpart = (one: DBInstance) => pairs.find(({ to }) => to === one)?.from ?? one;
  return {
    ahead: true,
    former: rename(blue, `${nameOf(blue)}-old1`, (one) => ({
      ...one,
      DBInstanceIdentifier: `${one.DBInstanceIdentifier}-old1`,
    })),
    serving: rename(
      { ...green, ...(green.cluster && { cluster: { ...green.cluster, TagList: blue.cluster?.TagList } }) },
      nameOf(blue),
      (one) => {
        const { DBInstanceIdentifier, TagList } = counterpart(one);
        return { ...one, DBInstanceIdentifier, TagList };
      },
    ),
  };
}

function rename(
  { cluster, instances }: RawSide,
  name: string,
  change: (one: DBInstance) => DBInstance,
): RawSide {
  const changed = instances.map(change);
  const nameNow = (before: string | undefined) =>
    changed[instances.findIndex(({ DBInstanceIdentifier }) => DBInstanceIdentifier === before)]
      ?.DBInstanceIdentifier ?? before;
  return {
    ...(cluster && {
      cluster: {
        ...cluster,
        DBClusterIdentifier: name,
        DBClusterMembers: cluster.DBClusterMembers?.map((row) => ({
          ...row,
          DBInstanceIdentifier: nameNow(row.DBInstanceIdentifier),
        })),
      },
    }),
    instances: changed,
  };
}
