import type { Bridge, Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';

/**
 * A typed client over the bridge. Types come from the contract; at run time every property is a call, so the
 * schemas (which main checks) stay out of the window. A bridge that throws is answered as an ordinary failure.
 */
export function createClient(bridge: Bridge): Client {
  const call = async (area: string, method: string, input: unknown): Promise<Result<unknown>> => {
    try {
      return await bridge.invoke(area, method, input);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      return { ok: false, error: { code: 'internal', message, details: { area, method } } };
    }
  };
  const area = (name: string) =>
    new Proxy(
      {},
      {
        get: (_target, method) => (input: unknown) => call(name, String(method), input),
      },
    );
  return new Proxy({} as Client, { get: (_target, name) => area(String(name)) });
}
