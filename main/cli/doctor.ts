import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { version } from '#core/version.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { printJson, printLine } from './output.ts';

interface Finding {
  what: string;
  ok: boolean;
  note: string;
}

/** `consilience doctor`: what this machine has and what is missing, in words. Exit status 1 when runs cannot work. */
export async function doctor(options: { json?: true }): Promise<number> {
  const engine = createEngineService();
  const findings: Finding[] = [
    { what: 'Consilience', ok: true, note: version },
    { what: 'Node', ok: true, note: process.versions.node },
  ];
  let works = true;
  try {
    const status = await engine.start();
    const providers = await engine.methods.providers();
    findings.push(
      { what: 'Engine', ok: true, note: `starts on Node ${status.versions.node}, ${status.threads} threads` },
      { what: 'onnxruntime', ok: true, note: status.versions.onnxruntime },
      ...providers.map(({ name, available, note }) => ({ what: `Provider ${name}`, ok: available, note })),
      linearAlgebra(status.linearAlgebra),
      lapack(status.lapack),
    );
  } catch (error) {
    works = false;
    findings.push({
      what: 'Engine',
      ok: false,
      note: error instanceof Error ? error.message : String(error),
    });
  } finally {
    await engine.stop();
  }
  findings.push(sqlite(), memory(), electron());
  if (options.json) printJson(findings);
  else
    for (const { what, ok, note } of findings)
      printLine(`${ok ? 'ok     ' : 'missing'}  ${what.padEnd(18)} ${note}`);
  return works ? 0 : 1;
}

function linearAlgebra(title: string): Finding {
  const isBlas = title !== 'onnxruntime products';
  const remedy =
    'No BLAS was found, so onnxruntime multiplies, at about half the speed; on Debian: apt install libopenblas0.';
  return { what: 'BLAS', ok: isBlas, note: isBlas ? title : remedy };
}

function lapack(title: string | null): Finding {
  const remedy =
    'None was found, so WebAssembly computes eigenvalues, SVD and QR: the same answers, slower; on Debian: apt install libopenblas0.';
  const uses = `${title ?? ''}: eigenvalues, SVD and QR`;
  return { what: 'LAPACK', ok: title !== null, note: title === null ? remedy : uses };
}

function sqlite(): Finding {
  try {
    const { version: found } = createRequire(import.meta.url)('better-sqlite3/package.json') as {
      version: string;
    };
    return { what: 'better-sqlite3', ok: true, note: found };
  } catch {
    return { what: 'better-sqlite3', ok: false, note: 'It is not installed; run npm ci.' };
  }
}

function memory(): Finding {
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return { what: 'Memory', ok: true, note: `${gib(totalmem())}, ${gib(freemem())} free` };
}

function electron(): Finding {
  const wished = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (wished)
    return { what: 'Electron', ok: existsSync(wished), note: `ELECTRON_OVERRIDE_DIST_PATH = ${wished}` };
  try {
    const folder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..', 'dist');
    if (existsSync(folder))
      return { what: 'Electron', ok: true, note: 'the electron package has its program' };
  } catch {
    // Not installed: only the window needs it.
  }
  return {
    what: 'Electron',
    ok: false,
    note: 'Its program is not downloaded yet; npm start fetches one. The command line does not need it.',
  };
}
