import { AwsError } from '../../wire/service.ts';

export const instanceNotFound = (name: string) =>
  new AwsError('DBInstanceNotFoundFault', `DBInstance ${name} not found.`, 404);
export const clusterNotFound = (name: string) =>
  new AwsError('DBClusterNotFoundFault', `DBCluster ${name} not found.`, 404);
export const deploymentNotFound = (id: string) =>
  new AwsError('BlueGreenDeploymentNotFoundFault', `BlueGreenDeployment ${id} not found.`, 404);
export const parameterGroupNotFound = (name: string, level: 'instance' | 'cluster') =>
  level === 'instance'
    ? new AwsError('DBParameterGroupNotFoundFault', `DBParameterGroup not found: ${name}`, 404)
    : new AwsError('DBClusterParameterGroupNotFoundFault', `DBClusterParameterGroup not found: ${name}`, 404);

export const invalidInstanceState = (message: string) => new AwsError('InvalidDBInstanceStateFault', message);
export const invalidClusterState = (message: string) => new AwsError('InvalidDBClusterStateFault', message);
export const invalidDeploymentState = (message: string) =>
  new AwsError('InvalidBlueGreenDeploymentStateFault', message);
export const invalidValue = (message: string) => new AwsError('InvalidParameterValue', message);
export const invalidCombination = (message: string) => new AwsError('InvalidParameterCombination', message);
