import type {
  AddTagsToResourceCommandInput,
  ListTagsForResourceCommandInput,
  RemoveTagsFromResourceCommandInput,
  Tag,
} from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { copyOf } from '../world/copy.ts';
import { parseArn } from '../world/naming.ts';
import {
  clusterNotFound,
  deploymentNotFound,
  instanceNotFound,
  invalidValue,
  parameterGroupNotFound,
} from '../world/refusals.ts';
import { clusterNamed, instanceNamed, type World } from '../world/world.ts';

const mostTags = 50;

export function listTags(_rds: ControlPlane, world: World, input: ListTagsForResourceCommandInput) {
  return { TagList: copyOf(taggedResource(world, input.ResourceName).tags) };
}

export function addTags(
  rds: ControlPlane,
  input: AddTagsToResourceCommandInput,
  touch: (touched: Touched) => void,
) {
  const resource = taggedResource(rds.world, input.ResourceName);
  const added = checkTags(input.Tags);
  const keys = new Set(added.map((tag) => tag.Key));
  const kept = resource.tags.filter((tag) => !keys.has(tag.Key));
  requireFew([...kept, ...added]);
  resource.tags.splice(0, resource.tags.length, ...kept, ...added);
  touch(rds.touched(resource.resourceId, resource.arn));
  return {};
}

export function removeTags(
  rds: ControlPlane,
  input: RemoveTagsFromResourceCommandInput,
  touch: (touched: Touched) => void,
) {
  const resource = taggedResource(rds.world, input.ResourceName);
  const kept = resource.tags.filter((tag) => !input.TagKeys?.includes(tag.Key ?? ''));
  resource.tags.splice(0, resource.tags.length, ...kept);
  touch(rds.touched(resource.resourceId, resource.arn));
  return {};
}

function requireFew(tags: Tag[]): void {
  if (tags.length > mostTags) throw invalidValue(`A resource can have at most ${mostTags} tags`);
}

/** Letters of any script, digits, white space and `_.:/=+-@` (API reference, `Tag`). */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Checks tags as RDS takes them in any call: keys of 1 to 128 characters, none beginning with `aws:`. */
export function checkTags(tags: Tag[] | undefined): Tag[] {
  requireFew(tags ?? []);
  for (const { Key, Value } of tags ?? []) {
    if (!Key || Key.length > 128) throw invalidValue('Tag keys have 1 to 128 characters');
    if (Key.toLowerCase().startsWith('aws:')) throw invalidValue('Tag keys beginning with aws: are reserved');
    for (const text of [Key, Value ?? ''])
      if (!tagText.test(text))
        throw invalidValue(`Invalid tag: ${text} holds characters that tags may not have`);
    if ((Value ?? '').length > 256) throw invalidValue('Tag values have at most 256 characters');
  }
  return copyOf(tags ?? []);
}

interface Tagged {
  resourceId: string;
  arn: string;
  tags: Tag[];
}

function taggedResource(world: World, arnText: string | undefined): Tagged {
  const arn = parseArn(arnText ?? '');
  if (!arn) throw invalidValue(`Invalid resource name: ${arnText}`);
  const { kind, name } = arn;
  const asTagged = (resourceId: string, tags: Tag[]): Tagged => ({
    resourceId,
    arn: arnText ?? '',
    tags,
  });
  switch (kind) {
    case 'db': {
      const instance = instanceNamed(world, name);
      if (!instance) throw instanceNotFound(name);
      return asTagged(instance.DbiResourceId, instance.TagList);
    }
    case 'cluster': {
      const cluster = clusterNamed(world, name);
      if (!cluster) throw clusterNotFound(name);
      return asTagged(cluster.DbClusterResourceId, cluster.TagList);
    }
    case 'deployment': {
      const deployment = world.deployments.find(({ id }) => id === name);
      if (!deployment) throw deploymentNotFound(name);
      return asTagged(deployment.id, deployment.tags);
    }
    case 'snapshot': {
      const snapshot = world.snapshots.find(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier === name);
      if (!snapshot) throw new AwsError('DBSnapshotNotFoundFault', `DBSnapshot not found: ${name}`, 404);
      return asTagged(name, snapshot.TagList);
    }
    case 'cluster-snapshot': {
      const snapshot = world.clusterSnapshots.find((known) => known.DBClusterSnapshotIdentifier === name);
      if (!snapshot)
        throw new AwsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot not found: ${name}`, 404);
      return asTagged(name, snapshot.TagList);
    }
    case 'pg':
    case 'cluster-pg': {
      const level = kind === 'pg' ? 'instance' : 'cluster';
      const group = world.parameterGroups.find((known) => known.level === level && known.name === name);
      if (!group) throw parameterGroupNotFound(name, level);
      return asTagged(name, group.tags);
    }
    default:
      throw invalidValue(`Tags of ${kind} resources are not kept here`);
  }
}
