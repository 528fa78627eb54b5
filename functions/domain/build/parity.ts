import type { Member, Side } from '../model/deployment.ts';
import { isAurora } from '../model/engine.ts';
import { isMajorUpgrade } from '../model/engine-version.ts';
import type { Request } from '../request/request.ts';
import { classWanted } from './members.ts';
import { askedStorage, compareSettings, type Settings } from './settings.ts';

/** What the comparison of green with blue and with the request gave, each in a sentence. */
export interface Parity {
  /** What the request asks for, or allows. Goes before the approvers. */
  declared: string[];
  /** What nobody asked for. One of these fails the check. */
  undeclared: string[];
}

interface Difference {
  /** Name of the field, as `tests.allowDifferences` lists it. */
  field: string;
  sentence: string;
  wanted: boolean;
}

/** Whether RDS is content with the version, the groups and the roles: never allowed away. */
const mustHold = ['engineVersion', 'parameterGroupStatus'];

/** Compares green with blue and with the plan. A field that differs as the request asks for is wanted, not a fault. */
export function compareSides(
  engine: string,
  request: Pick<Request, 'target' | 'tests' | 'adopt'>,
  blue: Side,
  green: Side,
  pairs: [Settings, Settings][] = [],
): Parity {
  const plan = planOf(engine, request, blue, green);
  const differences = [
    ...compareVersions(plan, blue, green),
    ...compareGroups(plan, blue, green),
    ...compareMembers(engine, plan, blue, green),
    ...compareStorage(request.target, blue, green),
    ...compareStorageOfReplicas(request.target, green, pairs),
    ...compareProtection(blue, green),
    ...compareOthers(request, green, pairs),
  ];
  const allowed = ({ field, wanted }: Difference) =>
    wanted || (request.tests.allowDifferences.includes(field) && !mustHold.includes(field));
  return {
    declared: differences.filter(allowed).map(({ sentence }) => sentence),
    undeclared: differences
      .filter((difference) => !allowed(difference))
      .map(({ field, sentence }) => `${field}: ${sentence}`),
  };
}

interface Plan {
  engineVersion: string;
  /** Over a major version green falls back to a default group where none is named. */
  fallsBack: boolean;
  /** Group of the whole: the cluster's, or the instance's. */
  parameterGroup: string | undefined;
  /** Group of each instance. */
  memberGroup: string | undefined;
  /** Classes that the request asks for. */
  classes: Pick<Request['target'], 'members' | 'instanceClass'>;
}

/** Of a deployment that was taken up, what the request leaves out is wanted as green has it. */
function planOf(engine: string, request: Pick<Request, 'target' | 'adopt'>, blue: Side, green: Side): Plan {
  const target = request.adopt === undefined ? request.target : completeTarget(request.target, green);
  const engineVersion = target.engineVersion ?? blue.engineVersion;
  return {
    engineVersion,
    fallsBack: isMajorUpgrade(engine, blue.engineVersion, engineVersion),
    parameterGroup: isAurora(engine) ? target.clusterParameterGroup : target.parameterGroup,
    memberGroup: target.parameterGroup,
    classes: target,
  };
}

function completeTarget(target: Request['target'], green: Side): Request['target'] {
  const writer = green.members.find(({ role }) => role === 'writer');
  return {
    ...target,
    engineVersion: target.engineVersion ?? green.engineVersion,
    clusterParameterGroup: target.clusterParameterGroup ?? green.parameterGroup,
    parameterGroup: target.parameterGroup ?? writer?.parameterGroup,
    instanceClass: target.instanceClass ?? writer?.instanceClass,
    ...(green.storageGiB !== null && { storage: { allocatedGiB: green.storageGiB, ...target.storage } }),
  };
}

function compareVersions({ engineVersion }: Plan, blue: Side, green: Side): Difference[] {
  const field = 'engineVersion';
  return [green, ...green.members]
    .filter((one, index) => index === 0 || one.engineVersion !== green.engineVersion)
    .filter((one) => one.engineVersion !== blue.engineVersion || one.engineVersion !== engineVersion)
    .map(({ id, engineVersion: runs }) => ({
      field,
      wanted: runs === engineVersion,
      sentence: `${id} runs ${runs}, blue runs ${blue.engineVersion}, wanted is ${engineVersion}`,
    }));
}

function compareGroups(plan: Plan, blue: Side, green: Side): Difference[] {
  const group = compareGroup('parameterGroup', plan.parameterGroup, plan, blue, green);
  const unsynced = green.members
    .filter(({ parameterGroupStatus }) => parameterGroupStatus !== 'in-sync')
    .map(({ id, parameterGroup, parameterGroupStatus }) => ({
      field: 'parameterGroupStatus',
      wanted: false,
      sentence: `${id} does not run with ${parameterGroup} yet (${parameterGroupStatus || 'status unknown'}); reboot it`,
    }));
  return [...group, ...unsynced];
}

function compareGroup(
  field: string,
  asked: string | undefined,
  { fallsBack }: Plan,
  blue: { id: string; parameterGroup: string },
  green: { id: string; parameterGroup: string },
): Difference[] {
  const wanted = asked ?? blue.parameterGroup;
  if (green.parameterGroup === blue.parameterGroup && green.parameterGroup === wanted) {
    return [];
  }
  const fellBack = asked === undefined && fallsBack && green.parameterGroup.startsWith('default.');
  return [
    {
      field,
      wanted: green.parameterGroup === wanted || fellBack,
      sentence: `${green.id} has the parameter group ${green.parameterGroup}, ${blue.id} has ${blue.parameterGroup}${
        asked === undefined ? '' : `, wanted is ${asked}`
      }`,
    },
  ];
}

/** Every field that RDS gives and that has no rule here. What follows from storage that is asked for is told. */
function compareOthers(
  { target }: Pick<Request, 'target'>,
  green: Side,
  pairs: [Settings, Settings][],
): Difference[] {
  return pairs.flatMap(([ours, theirs]) => {
    const isPrimary = theirs.kind === 'instance' && theirs.id === green.id;
    const follows = isPrimary && target.storage ? ['StorageType', 'Iops', 'StorageThroughput'] : [];
    const asked = isPrimary ? askedStorage(target) : {};
    return compareSettings(ours, theirs, asked).map((difference) => ({
      ...difference,
      wanted: difference.wanted || (follows.includes(difference.field) && !(difference.field in asked)),
    }));
  });
}

function compareMembers(engine: string, plan: Plan, blue: Side, green: Side): Difference[] {
  if (green.members.length !== blue.members.length) {
    const sentence = `green has ${green.members.length} databases, blue has ${blue.members.length}`;
    return [{ field: 'members', wanted: false, sentence }];
  }
  const wanted = blue.members.map((one) => ({ ...one, instanceClass: classWanted(plan.classes, one) }));
  return pairMembers(engine, wanted, green.members).flatMap(([{ id, arn, instanceClass }, theirs]) => {
    const ours = blue.members.find((one) => one.id === id && one.arn === arn) as Member;
    return compareMember(engine, plan, green, { ours, theirs, wantedClass: instanceClass });
  });
}

/**
 * Writer beside writer, readers beside readers; in a cluster a failover exchanges them, so there equal ones come first. Names of green are
 * made up by RDS, so databases are paired by what they are made of.
 */
export function pairMembers(engine: string, blue: Member[], green: Member[]): [Member, Member][] {
  const role = (one: Member) => (one.role === 'writer' ? 0 : 1);
  const made = (one: Member) => [one.instanceClass, one.multiAz];
  const order = (one: Member) =>
    (isAurora(engine) ? [...made(one), role(one), one.id] : [role(one), ...made(one), one.id]).join();
  const left = blue.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  const right = green.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  return left.map((member, index) => [member, right[index] as Member]);
}

function compareMember(
  engine: string,
  plan: Plan,
  green: Side,
  { ours, theirs, wantedClass }: { ours: Member; theirs: Member; wantedClass: string },
): Difference[] {
  const differences: Difference[] = [];
  if (theirs.role !== ours.role) {
    const sentence = `${theirs.id} is a ${theirs.role}, ${ours.id} is a ${ours.role}`;
    // After a failover of either cluster another instance of the same make is its writer.
    differences.push({ field: 'role', wanted: isAurora(engine), sentence });
  }
  if (theirs.instanceClass !== ours.instanceClass || theirs.instanceClass !== wantedClass) {
    const sentence = `${theirs.id} is a ${theirs.instanceClass}, ${ours.id} is a ${ours.instanceClass}, wanted is ${wantedClass}`;
    differences.push({ field: 'instanceClass', wanted: theirs.instanceClass === wantedClass, sentence });
  }
  if (theirs.multiAz !== ours.multiAz) {
    const sentence = `${theirs.id} has ${theirs.multiAz ? 'a' : 'no'} standby (Multi-AZ), ${ours.id} has ${ours.multiAz ? 'one' : 'none'}`;
    differences.push({ field: 'multiAz', wanted: false, sentence });
  }
  // Of an instance deployment, the primary's group is the side's, which is compared already.
  const ownGroup = theirs.id !== green.id || theirs.arn !== green.arn;
  return ownGroup
    ? [...differences, ...compareGroup('memberParameterGroup', plan.memberGroup, plan, ours, theirs)]
    : differences;
}

function compareStorage({ storage }: Request['target'], blue: Side, green: Side): Difference[] {
  const wanted = storage?.allocatedGiB ?? blue.storageGiB;
  if (green.storageGiB === blue.storageGiB && green.storageGiB === wanted) {
    return [];
  }
  // RDS may round up; only less than wanted is a fault.
  // Storage of blue that has grown by itself grows by itself on green, too.
  const grows = !storage?.allocatedGiB && (green.maxStorageGiB ?? 0) >= (wanted ?? Number.POSITIVE_INFINITY);
  const enough = wanted !== null && green.storageGiB !== null && (green.storageGiB >= wanted || grows);
  const sentence = `${green.id} has ${green.storageGiB ?? 'an unknown number of'} GiB, ${blue.id} has ${blue.storageGiB ?? 'an unknown number of'}, wanted are ${wanted ?? 'unknown'}`;
  return [{ field: 'storageGiB', wanted: enough, sentence }];
}

/** Each replica of an RDS instance has storage of its own; the instances of Aurora share theirs. */
function compareStorageOfReplicas(
  { members }: Pick<Request['target'], 'members'>,
  green: Side,
  pairs: [Settings, Settings][],
): Difference[] {
  return pairs
    .filter(
      ([{ kind }, { id, fields }]) => kind === 'instance' && id !== green.id && !fields.DBClusterIdentifier,
    )
    .flatMap(([ours, theirs]) => {
      const [own, has] = [ours, theirs].map(({ fields }) => Number(fields.AllocatedStorage ?? 0)) as [
        number,
        number,
      ];
      const wanted = members.find(({ member }) => member === ours.id)?.allocatedGiB ?? own;
      if (has === own && has === wanted) return [];
      const sentence = `${theirs.id} has ${has} GiB, ${ours.id} has ${own}, wanted are ${wanted}`;
      return [{ field: 'storageGiB', wanted: has >= wanted, sentence }];
    });
}

function compareProtection(blue: Side, green: Side): Difference[] {
  const differences: Difference[] = [];
  if (green.backupRetentionDays !== blue.backupRetentionDays) {
    const sentence = `${green.id} keeps backups for ${green.backupRetentionDays} days, ${blue.id} for ${blue.backupRetentionDays}`;
    differences.push({ field: 'backupRetentionDays', wanted: false, sentence });
  }
  if (green.deletionProtection !== blue.deletionProtection) {
    const say = (on: boolean) => (on ? 'protected' : 'not protected');
    const sentence = `${green.id} is ${say(green.deletionProtection)} against deletion, ${blue.id} is ${say(blue.deletionProtection)}`;
    differences.push({ field: 'deletionProtection', wanted: false, sentence });
  }
  return differences;
}
