import { pino, type DestinationStream, type Logger } from 'pino';

const secrets = ['token', 'link', 'authorization', 'cookie'];

/** A structured log that holds no token, wherever in what it is told one stands. */
export function createLog(level: string, to: DestinationStream): Logger {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);
  return pino({ level, redact: { paths, censor: '[secret]' } }, withoutTokens(to));
}

/** A token that came in the words of an error or in an address. */
function withoutTokens(to: DestinationStream): DestinationStream {
  return { write: (line: string) => to.write(line.replace(/([?&]token=|Bearer )[\w.~+/-]+=*/g, '$1[secret]')) };
}
