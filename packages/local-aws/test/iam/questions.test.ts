import { describe, expect, it } from 'vitest';
import { RdsQuestions } from '../../iam/questions/rds.ts';
import { ControlPlane } from '../../rds/control-plane.ts';
import { SimulatedDataPlane } from '../../rds/simulated-data-plane.ts';
import { addParameterGroup } from '../../rds/world/parameter-groups.ts';
import { addInstance } from '../../rds/world/seeding.ts';
import { createRdsService } from '../../services/rds.ts';
import { VirtualClock } from '../../virtual-clock.ts';

const clock = new VirtualClock();
const rds = new ControlPlane({ clock, dataPlane: new SimulatedDataPlane(clock) });
const questions = new RdsQuestions(rds);

describe('what RDS asks for', () => {
  it('is known of every operation that is served', () => {
    expect(questions.operations.toSorted()).toEqual(Object.keys(createRdsService(rds).operations).toSorted());
  });

  it('is the right to build green as well, and to pass the role of blue on', async () => {
    const { DBInstanceArn: Source } = await addInstance(rds, {
      DBInstanceIdentifier: 'orders',
      EngineVersion: '16.14',
      MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitoring',
      KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/1',
      TagList: [{ Key: 'team', Value: 'a' }],
    });
    const asked = questions.of('CreateBlueGreenDeployment', {
      Source,
      TargetDBParameterGroupName: 'pg17',
      Tags: [{ Key: 'viridian:execution', Value: 'x' }],
    });
    expect(asked.map(({ action }) => action)).toEqual([
      'rds:CreateBlueGreenDeployment',
      'rds:CreateBlueGreenDeployment',
      'rds:CreateBlueGreenDeployment',
      'rds:AddTagsToResource',
      'rds:CreateDBInstanceReadReplica',
      'rds:CreateDBInstance',
      'rds:AddTagsToResource',
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'iam:PassRole',
    ]);
    expect(asked[3]?.context).toMatchObject({
      'aws:TagKeys': ['viridian:execution'],
      'rds:TagsFromRequest': 'true',
    });
    expect(asked[6]?.context).toMatchObject({ 'aws:TagKeys': ['team'], 'rds:TagsFromRequest': 'false' });
  });

  it('names the tags of a parameter group, by which its owner lets it be changed', () => {
    addParameterGroup(rds, { name: 'own', family: 'mysql8.0', tags: [{ Key: 'may-change', Value: 'yes' }] });
    const [asked] = questions.of('ModifyDBParameterGroup', { DBParameterGroupName: 'own' });
    expect(asked?.context).toMatchObject({ 'aws:ResourceTag/may-change': 'yes' });
    const [other] = questions.of('ModifyDBParameterGroup', { DBParameterGroupName: 'default.mysql8.0' });
    expect(other?.context).not.toHaveProperty('aws:ResourceTag/may-change');
  });

  it('is not guessed', () => {
    expect(() => questions.of('RebootDBCluster', {})).toThrow('RebootDBCluster');
  });
});
