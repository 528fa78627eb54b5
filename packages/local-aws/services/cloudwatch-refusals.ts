import { AwsError } from '../wire/service.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterValueException', message);
export const validation = (message: string) => new AwsError('ValidationError', message);
