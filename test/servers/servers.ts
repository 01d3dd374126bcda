import { join } from 'node:path';
import { languageOf } from './languages';

const sources = join(__dirname, 'sources');
const pages = join(__dirname, 'pages');

/** A server that knows nothing of rehearsals. */
export interface Server {
  /** What is special about it. */
  readonly what: string;
  readonly language: string;

  /** The shell command that runs it. */
  readonly command: string;
}

/** A server whose source is here. */
export function server(source: string, what: string, command = (run: string) => run): Server {
  const language = languageOf(source);
  return {
    what,
    language: language.name,
    command: command(language.run(join(sources, source), process.env.SERVERS_FOLDER ?? '')),
  };
}

/** The server that Python brings along: HTTP/1.0, a connection for each answer. */
export const pythonHttpServer: Server = {
  what: 'python -m http.server',
  language: 'Python',
  command: `python3 -m http.server --bind 127.0.0.1 --directory "${pages}" $PORT`,
};

/** Languages that are not installed on this machine. */
export const missingLanguages: readonly string[] = (process.env.SERVERS_MISSING ?? '').split(',').filter((name) => name !== '');

/** A test with some servers, which is skipped, and says so, where a language of theirs is missing. */
export function testWith(servers: readonly Server[], name: string, check: () => Promise<void>): void {
  const missing = [...new Set(servers.map(({ language }) => language))].filter((language) => missingLanguages.includes(language));
  if (missing.length === 0) {
    test(name, check);
    return;
  }
  console.warn(`skipped for want of ${missing.join(' and ')}: ${name}`);
  test.skip(name, check);
}
