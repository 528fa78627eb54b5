import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from '../../rehearsal/options.ts';

const readFlags = (line: string) => readOptions(line.split(' ').filter(Boolean), false);

describe('the command line of a rehearsal', () => {
  it.each([
    ['--colour red', '--colour'],
    ['extra', 'extra'],
    ['--from 14', 'from 15 to 18'],
    ['--from 17 --to 16', 'newer major'],
    ['--writers 0', 'from 1 to 64'],
    ['--rows many', '--rows many'],
    ['--endpoint dns', 'rds, pause'],
    ['--fault nothing', 'replication-broken'],
    ['--dump no-such-file.sql', 'no such file'],
    ['--yes --no', 'one of them'],
    ['--no --fault green-fails', '--no ends the run'],
    ['--no --go-back', '--no ends the run'],
    ['--go-back --fault bake-alarm', 'one of them'],
    ['--rehearse-on-copy --go-back', 'goes back by itself'],
    ['--rehearse-on-copy --fault bake-alarm', 'goes back by itself'],
    ['--go-back --no-way-back', 'needs a way back'],
    ['--way-back-endpoint route53 --no-way-back', 'without --endpoint pause and --no-way-back'],
    ['--way-back-endpoint route53 --endpoint pause', 'without --endpoint pause and --no-way-back'],
    ['--read-ramp --endpoint pause', 'without --endpoint pause'],
    ['--fault bad-read-step', 'give both'],
    ['--way-back-endpoint dns', 'give one of rename, route53'],
    ['--engine mariadb --from 10.5', '10.11 or 11.8'],
    ['--engine mariadb --from 11.8 --to 10.11', 'newer major'],
    ['--engine mariadb --source postgres://a@b/c', 'there is none for --engine mariadb'],
    ['--engine mysql --fault long-transaction', 'there is none for --engine mysql'],
    ['--engine mariadb --fault slow-after-cut', 'there is none for --engine mariadb'],
    ['--engine aurora-mysql --endpoint pause', 'there is none for --engine aurora-mysql'],
    ['--engine mariadb --source postgres://app@host/shop', 'there is none for --engine mariadb'],
    ['--mysql-bin 8.4=/tmp', 'there is none for --engine postgres'],
    ['--engine mysql --from 8.0', '--mysql-bin 8.0=DIR'],
    ['--engine mysql --mysql-bin 8.4=/no/such/folder', 'a folder that is there'],
    ['--fault reverse-broken --no-way-back', 'reverse-broken needs a way back'],
    ['--fault stale-names --no-way-back', 'stale-names needs a way back'],
  ])('%s is refused, and it is said why', (line, because) => {
    expect(() => readFlags(line)).toThrow(UsageError);
    expect(() => readFlags(line)).toThrow(because);
  });

  it.each([
    ['', { answer: 'yes', from: '15', to: '17', wayBack: true, goBack: false }],
    ['--no', { answer: 'no' }],
    ['--from 16 --to 18 --no-way-back', { from: '16', to: '18', wayBack: false }],
    ['--fault stale-names --go-back', { fault: 'stale-names', goBack: true }],
    ['--read-ramp', { readRamp: true }],
    ['--engine mariadb --read-ramp --go-back', { engine: 'mariadb', readRamp: true, goBack: true }],
    ['--read-ramp --fault bad-read-step', { readRamp: true, fault: 'bad-read-step' }],
    ['--rehearse-on-copy', { rehearseOnCopy: true, goBack: false }],
    ['--go-back', { goBack: true, wayBack: true, wayBackEndpoint: 'rename' }],
    ['--engine mariadb', { engine: 'mariadb', from: '10.11', to: '11.8' }],
    ['--engine aurora-mysql', { engine: 'aurora-mysql', from: '10.11', to: '11.8' }],
    ['--engine mysql', { from: 'newest', to: 'newest' }],
    ['--engine mysql --mysql-bin 8.4=/tmp --mysql-bin 8.0=/tmp', { from: '8.0', to: '8.4' }],
    ['--engine mysql --mysql-bin 8.4=/tmp', { from: '8.4', to: '8.4' }],
    ['--way-back-endpoint route53', { wayBackEndpoint: 'route53' }],
  ])('"%s" is understood', (line, options) => {
    expect(readFlags(line)).toMatchObject(options);
  });

  it('lets a person answer where there is a terminal', () => {
    expect(readOptions([], true)?.answer).toBe('ask');
  });
});
