/** ARN of a function that the state machines may invoke for a user: IAM holds them to this beginning of its name. */
export const hookArn =
  /^arn:aws(?:-[a-z]+)*:lambda:[a-z0-9-]+:\d{12}:function:viridian-hook-[a-zA-Z0-9_-]{1,50}(?::[a-zA-Z0-9$_-]{1,128})?$/;
