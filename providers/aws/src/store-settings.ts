import { parameter } from '@latchkey/core';

/** What the operator says of one store; without keys the SDK's own chain finds the credentials. */
export const storeSettings = {
  endpoint: parameter.text('Address that is asked in place of the AWS one', { required: false }),
  access_key_id: parameter.text('Access key', { required: false }),
  secret_access_key: parameter.text('Secret of the access key', { required: false, sensitive: true }),
  session_token: parameter.text('Token of temporary credentials', { required: false, sensitive: true }),
};
