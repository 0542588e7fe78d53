// What the driver tells every program.
export const url = process.env['MOCK_URL']!
export const token = process.env['MOCK_TOKEN']!
export const debug: { task_id: string; input_dataobject: string } = JSON.parse(process.env['EXAMPLES']!).debug
