import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/**
 * What requests go through: the proxies of `https_proxy`, `http_proxy`, `all_proxy` (capitals too) and npm's settings,
 * but for the hosts of `no_proxy`. Throws `weights-download-failed` where one of them is no address.
 */
export function proxyDispatcher(timeouts: { headersTimeout: number; bodyTimeout: number }): Dispatcher {
  const http = setting('http_proxy', 'npm_config_proxy', 'npm_config_http_proxy', 'all_proxy');
  const https = setting('https_proxy', 'npm_config_https_proxy', 'npm_config_proxy', 'http_proxy', 'all_proxy');
  const no = setting('no_proxy', 'npm_config_noproxy');
  try {
    return new EnvHttpProxyAgent({
      ...timeouts,
      // Empty, since undici would look for itself again where nothing is given.
      httpProxy: http?.value ?? '',
      httpsProxy: https?.value ?? '',
      noProxy: no?.value ?? '',
    });
  } catch (cause) {
    const named = [http, https].flatMap((found) => (found ? [`${found.name}=${found.value}`] : [])).join(', ');
    throw new StillroomError('weights-download-failed', `expected a proxy such as http://host:8080, found ${named}`, {
      hint: 'correct or unset that variable',
      cause,
    });
  }
}

/** The first of these variables that is set, in small letters or capitals, with its own name. */
function setting(...names: readonly string[]): { name: string; value: string } | undefined {
  for (const name of names.flatMap((small) => [small, small.toUpperCase()])) {
    const value = process.env[name];
    if (value) return { name, value };
  }
  return undefined;
}
