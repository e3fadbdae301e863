import { describeProvider } from '@latchkey/core/testing';
import { environmentVariable } from './index';

describeProvider(environmentVariable({ environment: { DEVICE_PASSWORD: ' correct horse\n' } }), {
  present: { parameters: { variable: 'DEVICE_PASSWORD' }, value: ' correct horse\n' },
  absent: { parameters: { variable: 'ABSENT' } },
});
