import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** As many symbolic links as Linux follows. */
const MOST_LINKS = 40;

/**
 * Writes a file whole or not at all: to a temporary one beside it, which then takes its place. A symbolic link
 * stays one; a file that was there keeps its mode, and its owner where that can be had.
 *
 * Nothing here waits, so that no signal's handler comes in between and nothing is left behind.
 * @throws what the file system throws
 */
export function writeWhole(path: string, text: string): void {
  const target = resolveLinks(path);
  const before = existing(target);
  const temporary = temporaryBeside(target);
  try {
    const file = openSync(temporary, "wx", before === undefined ? 0o666 : 0o600);
    try {
      if (before !== undefined) becomeAs(before, file);
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Finds out whether {@link writeWhole} would work, by making and removing a temporary file: the bits of a mode are
 * not the whole truth for root, nor on every file system. @throws what the file system throws
 * @returns the file that would be written, every symbolic link followed
 */
export function probe(path: string): string {
  const target = resolveLinks(path);
  // A file that was made read-only is meant to stay as it is.
  if (existing(target) !== undefined) accessSync(target, constants.W_OK);
  const temporary = temporaryBeside(target);
  closeSync(openSync(temporary, "wx", 0o600));
  rmSync(temporary);
  return target;
}

function temporaryBeside(target: string): string {
  return join(dirname(target), `.turso-pool-${randomBytes(8).toString("hex")}.tmp`);
}

/** Where a path leads. Its last part need not exist, nor what a link there points to. */
function resolveLinks(path: string, links = 0): string {
  const whole = join(realpathSync(dirname(resolve(path))), basename(path));
  const found = lstatSync(whole, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() !== true || links >= MOST_LINKS) return whole;
  return resolveLinks(resolve(dirname(whole), readlinkSync(whole)), links + 1);
}

function existing(target: string): Stats | undefined {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return found;
  const code = found.isDirectory() ? "EISDIR" : "ENOTFILE";
  throw Object.assign(new Error(`${target} is not a regular file`), { code });
}

function becomeAs({ mode, uid, gid }: Stats, file: number): void {
  try {
    fchownSync(file, uid, gid);
  } catch {
    // Only root may give a file away.
  }
  fchmodSync(file, mode & 0o7777);
}
