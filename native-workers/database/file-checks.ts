import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { AppError } from '#core/errors.ts';
import { damagedSentence, describeFailure, readOnlySentence } from './failures.ts';

/** `CNSL`: the SQLite application id of a project file. */
export const applicationId = 0x434e534c;

const sqliteMagic = 'SQLite format 3\0';

function badProject(path: string, sentence: string): AppError {
  return new AppError('bad-project', sentence, { file: path });
}

/**
 * Refuses, before SQLite touches it, an existing file that cannot be a project. SQLite would put its own files
 * beside one it opens.
 * @throws AppError `bad-project`, `storage`
 */
export function checkProjectFile(path: string): void {
  const stat = statSync(path);
  const remedy = 'Choose a project file (its name ends in .consilience), or another name for a new one.';
  if (stat.isDirectory()) throw badProject(path, `${path} is a folder. ${remedy}`);
  if (!stat.isFile()) throw badProject(path, `${path} is not an ordinary file. ${remedy}`);
  if (stat.size === 0) throw badProject(path, `${path} is empty, so it is no project. ${remedy}`);
  const header = readHeader(path);
  if (header.toString('latin1', 0, 16) !== sqliteMagic)
    throw badProject(path, `${path} is not a Consilience project: it is not an SQLite file. ${remedy}`);
  if (header.length < 100) throw badProject(path, damagedSentence(path, 'it is cut off'));
  if (header.readUInt32BE(68) !== applicationId)
    throw badProject(
      path,
      `${path} is an SQLite file of another program, not a Consilience project. ${remedy}`,
    );
  checkLength(path, stat.size, header);
}

/** A copy that was interrupted: shorter than its own header says. With a log beside it, SQLite knows better. */
function checkLength(path: string, size: number, header: Buffer): void {
  const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
  const expected = header.readUInt32BE(28) * pageSize;
  const log = `${path}-wal`;
  if (size >= expected || (existsSync(log) && statSync(log).size > 0)) return;
  throw badProject(path, damagedSentence(path, `it has ${size} of ${expected} bytes`));
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(100);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw describeFailure(error, path);
  }
  try {
    return header.subarray(0, readSync(descriptor, header, 0, 100, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** SQLite's log lies beside the file, so the folder must be writable too. @throws AppError `storage` */
export function checkWritable(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new AppError('storage', `The folder ${folder} does not exist. Make it, or choose another.`, {
      file: path,
    });
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new AppError('storage', readOnlySentence(path), { file: path }, error);
  }
}

export function newerSentence(path: string, version: number, latest: number): string {
  return `${basename(path)} was written by a later version of Consilience (file format ${version}; this version reads up to ${latest}). Update Consilience to open it.`;
}
