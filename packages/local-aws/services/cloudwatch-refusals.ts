import { AwsError } from '../wire/service.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterValueException', message);
export const validation = (message: string) => new AwsError('ValidationError', message);
export const invalidNextToken = () => new AwsError('InvalidNextToken', 'The next token is not valid.');
