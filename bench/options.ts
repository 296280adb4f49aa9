/** What can be asked for after `npm run bench -- NAME`: smaller runs for trying something out. */
export interface BenchOptions {
  /** How long traffic flows in one run. */
  seconds: number;
  /** How often each side is measured, alternating. */
  rounds: number;
  /** Calls a second; each benchmark has its own when left out. */
  rates: readonly number[] | null;
  /** Measures only our own side, for comparing two versions of it. */
  onlyOurs: boolean;
  /** Customers in the database. */
  customers: number | null;
  /** Where the processes' logs and profiles stay; a temporary folder, removed at the end, when left out. */
  keepIn: string | null;
  /** Further arguments of Node for cti-server, for instance `--cpu-prof`. */
  nodeArguments: readonly string[];
}

/** Reads `--only-ours --seconds 30 --rounds 2 --rates 10,30 --customers 1000 --keep FOLDER --node=--cpu-prof`. Throws on anything else. */
export function readOptions(words: readonly string[]): { names: string[]; options: BenchOptions } {
  const names: string[] = [];
  const options: BenchOptions = { seconds: 30, rounds: 2, rates: null, onlyOurs: false, customers: null, keepIn: null, nodeArguments: [] };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('--')) {
      names.push(word);
      continue;
    }
    if (word === '--only-ours') {
      options.onlyOurs = true;
      continue;
    }
    const [name, given] = word.split(/=(.*)/s, 2);
    const value = given ?? words[++i] ?? '';
    switch (name) {
      case '--seconds':
        options.seconds = positive(name, value);
        break;
      case '--rounds':
        options.rounds = positive(name, value);
        break;
      case '--rates':
        options.rates = value.split(',').map((rate) => positive(name, rate));
        break;
      case '--customers':
        options.customers = positive(name, value);
        break;
      case '--keep':
        options.keepIn = value;
        break;
      case '--node':
        options.nodeArguments = [...options.nodeArguments, value];
        break;
      default:
        throw new Error(`There is no option ${word}.`);
    }
  }
  return { names, options };
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number <= 0) throw new Error(`${name} takes whole numbers above zero, not "${value}".`);
  return number;
}
