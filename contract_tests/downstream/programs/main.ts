// Runs the cases of a program and tells the driver, a line of JSON each, what came of them.
import { cases } from './program'

async function main() {
  for (const [name, run] of Object.entries(cases)) {
    let refused: string | null = null
    try {
      await run()
    } catch (error) {
      refused = String(error)
    }
    console.log(JSON.stringify({ case: name, refused }))
  }
}

void main()
