/** What the API says went wrong: problem details, RFC 9457. */
export interface ProblemDetails {
  title: string;
  status: number;
  code: string;
  node?: string;
  socket?: string;
  field?: string;
  file?: string;
  hint?: string;
}

export class CallError extends Error {
  readonly problem: ProblemDetails;

  constructor(problem: ProblemDetails) {
    super(problem.title);
    this.problem = problem;
  }
}

/**
 * Asks the API; a form or a file is sent as it is, all else as JSON. Throws `CallError` for what it refuses; with the code
 * `offline` where it cannot be reached.
 */
export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`/api${path}`, {
    method,
    ...sent(body),
    ...(signal ? { signal } : {}),
  }).catch(() => {
    throw new CallError({ title: 'The server does not answer.', status: 0, code: 'offline', hint: 'what you change is kept here until it does' });
  });
  const text = await response.text();
  const answer = text ? (JSON.parse(text) as unknown) : undefined;
  if (!response.ok) throw new CallError(answer as ProblemDetails);
  return answer as T;
}

function sent(body: unknown): RequestInit {
  if (body === undefined) return {};
  if (body instanceof FormData) return { body };
  if (body instanceof Blob) return { headers: { 'content-type': 'application/octet-stream' }, body };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
