import type {
  AddSourceIdentifierToSubscriptionCommandInput,
  DescribeEventSubscriptionsCommandInput,
} from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import { page, refuseFilters } from './paging.ts';
import { clusterNamed, instanceNamed, type World } from './world.ts';

/** DescribeEventSubscriptions. Assumed: a subscription keeps the names that it was given, whatever they lead to. */
export function describeEventSubscriptions(
  _rds: ControlPlane,
  world: World,
  input: DescribeEventSubscriptionsCommandInput,
) {
  refuseFilters(input.Filters);
  const asked = input.SubscriptionName
    ? [findSubscription(world, input.SubscriptionName)]
    : world.eventSubscriptions;
  const { items, Marker } = page(asked, ({ CustSubscriptionId }) => CustSubscriptionId, input);
  return { EventSubscriptionsList: structuredClone(items), Marker };
}

/** AddSourceIdentifierToSubscription: of a database that is there. */
export function addEventSource(
  { world }: ControlPlane,
  { SubscriptionName, SourceIdentifier = '' }: AddSourceIdentifierToSubscriptionCommandInput,
) {
  const subscription = findSubscription(world, SubscriptionName ?? '');
  const find = subscription.SourceType === 'db-cluster' ? clusterNamed : instanceNamed;
  if (!find(world, SourceIdentifier.toLowerCase()))
    throw new AwsError('SourceNotFound', `There is no ${subscription.SourceType} ${SourceIdentifier}`, 404);
  subscription.SourceIdsList = [...new Set([...subscription.SourceIdsList, SourceIdentifier.toLowerCase()])];
  return { EventSubscription: structuredClone(subscription) };
}

function findSubscription(world: World, name: string) {
  const found = world.eventSubscriptions.find(({ CustSubscriptionId }) => CustSubscriptionId === name);
  if (!found) throw new AwsError('SubscriptionNotFound', `There is no event subscription ${name}`, 404);
  return found;
}
