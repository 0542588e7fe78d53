export default { input: process.env.CONTRACT, output: process.env.OUTPUT, plugins: ['@hey-api/typescript', '@hey-api/client-fetch', 'zod', { name: '@hey-api/sdk', validator: { request: 'zod' } }] }
