/** What every SDK client in these tests is made with; nothing verifies the key. */
export const account = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
