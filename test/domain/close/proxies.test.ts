import { expect, it } from 'vitest';
import { judgeProxies, type Names } from '../../../functions/domain/close/proxies.ts';

const names: Names = { kind: 'instance', former: ['orders-old1'], serving: ['orders'] };
const target = (leadsTo: string, state = 'AVAILABLE', reason: string | null = null) => ({
  ...{ proxy: 'pool', leadsTo, state, reason },
});

it.each<
  [
    what: string,
    targets: ReturnType<typeof target>[],
    isOver: boolean,
    state: string,
    because?: RegExp,
    slow?: RegExp,
  ]
>([
  ['leads to production', [target('orders')], true, 'present'],
  ['leads there before RDS is done', [target('orders')], false, 'present'],
  [
    'leads to old blue while RDS is not done',
    [target('orders-old1')],
    false,
    'coming',
    undefined,
    /still switching over: look again whether it leads to orders/,
  ],
  [
    'leads to old blue when RDS is done',
    [target('orders-old1')],
    true,
    'lacking',
    /still leads to orders-old1/,
  ],
  [
    'is being registered',
    [target('orders', 'REGISTERING')],
    true,
    'coming',
    undefined,
    /orders is still REGISTERING: look again/,
  ],
  [
    'does not reach production',
    [target('orders', 'UNAVAILABLE', 'AUTH_FAILURE')],
    true,
    'lacking',
    /orders is UNAVAILABLE \(AUTH_FAILURE\): mend/,
  ],
])('a proxy that %s', (_, targets, isOver, state, because, slow) => {
  expect(judgeProxies(targets, names, isOver)).toEqual([
    expect.objectContaining({
      what: 'RDS proxy pool of orders',
      state,
      ...(because && { because: expect.stringMatching(because) }),
      ...(slow && { slow: expect.stringMatching(slow) }),
    }),
  ]);
});

it('is led to production by commands that name the cluster or the instance', () => {
  const [instance] = judgeProxies([target('orders-old1')], names, true);
  expect(instance).toMatchObject({
    commands: [
      'aws rds deregister-db-proxy-targets --db-proxy-name pool --db-instance-identifiers orders-old1',
      'aws rds register-db-proxy-targets --db-proxy-name pool --db-instance-identifiers orders',
    ],
  });
  const [cluster] = judgeProxies([target('orders-old1')], { ...names, kind: 'cluster' }, true);
  expect(cluster).toMatchObject({ commands: [/./, /./].map(() => expect.stringContaining('cluster')) });
});

it('says nothing of no proxy', () => {
  expect(judgeProxies([], names, true)).toEqual([]);
});
