import { describe, expect, it } from 'vitest';
import { importsOf, type SourceFile } from './imports.ts';
import { checkDoors, checkFolders, checkImports, checkLength, checkLocales, packageName } from './rules.ts';

/** The checker against small samples that break each rule, so that a rule which stopped working shows. */
const sample = (path: string, text: string): SourceFile => ({ path, text, lines: text.split('\n').length, imports: importsOf(text, path) });
const details = (path: string, text: string): string[] => checkImports([sample(path, text)]).map(({ detail }) => detail);

describe('forbidden imports', () => {
  it.each([
    ['shared/a.ts', 'import { readFile } from "node:fs"', 'must not use Node'],
    ['shared/a.ts', 'import { readFile } from "fs"', 'must not use Node'],
    ['shared/a.ts', 'import type { App } from "electron"', 'must not know Electron'],
    ['shared/a.ts', 'import { a } from "../main/a.ts"', 'must not reach main/a.ts'],
    ['shared/a.ts', 'import React from "react"', 'react is not on the list'],
    ['preload/index.ts', 'import { z } from "zod"', 'zod is not on the list'],
    ['preload/index.ts', 'import { a } from "../shared/domain/a.ts"', 'must not reach shared/domain/a.ts'],
    ['preload/index.ts', 'import { a } from "node:path"', 'must not use Node'],
    ['renderer/a.tsx', 'import { ipcRenderer } from "electron"', 'must not know Electron'],
    ['renderer/a.tsx', 'import type { App } from "electron"', 'must not know Electron'],
    ['renderer/a.tsx', 'import "node:crypto"', 'must not use Node'],
    ['renderer/a.tsx', 'import { a } from "../main/a.ts"', 'must not reach main/a.ts'],
    ['renderer/a.tsx', 'import { a } from "../preload/index.ts"', 'must not reach preload/index.ts'],
    ['renderer/a.tsx', 'import pino from "pino"', 'pino is not on the list'],
    ['main/auth/a.ts', 'import { app } from "electron"', 'Electron values belong to'],
    ['main/app.ts', 'import { app, type App } from "electron"', 'Electron values belong to'],
    ['main/ipc/handlers/a.ts', 'import { shell } from "electron"', 'Electron values belong to'],
    ['main/host/a.ts', 'import { app } from "electron"', 'must not know Electron'],
    ['main/host/a.ts', 'import type { App } from "electron"', 'must not know Electron'],
    ['main/host/a.ts', 'const e = require("electron")', 'must not know Electron'],
    ['main/a.ts', 'import { a } from "../renderer/a.ts"', 'must not reach renderer/a.ts'],
    ['main/a.ts', 'import express from "express"', 'express is not on the list'],
    ['main/a.ts', 'import { a } from "../test/backend/a.ts"', 'nothing imports test/'],
    ['shared/a.ts', 'export * from "../test/a.ts"', 'nothing imports test/'],
    ['main/a.ts', 'await import(name)', 'must name its module'],
    ['main/erp/a.ts', 'import { a } from "../ipc/dispatcher.ts"', 'above the services'],
    ['main/auth/a.ts', 'import { a } from "../app.ts"', 'above the services'],
    ['main/erp/a.ts', 'import { a } from "../auth/a.ts"', 'is below'],
    ['main/documents/a.ts', 'import { a } from "../host/db/connection.ts"', 'data host\'s client only'],
    ['shared/a.test.ts', 'import { a } from "../main/a.ts"', 'must not reach main/a.ts'],
  ])('%s: %s', (path, text, expected) => {
    expect(details(path, text)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('allowed imports', () => {
  it.each([
    ['shared/a.ts', 'import { z } from "zod"; import Big from "big.js"; import { b } from "./b.ts"'],
    ['shared/a.test.ts', 'import { it } from "vitest"; import fc from "fast-check"; import { readFileSync } from "node:fs"'],
    ['preload/index.ts', 'import { contextBridge } from "electron"; import { a } from "../shared/ipc/bridge.ts"'],
    ['renderer/a.tsx', 'import { createRoot } from "react-dom/client"; import { a } from "../shared/a.ts"; import de from "../resources/locales/de.json"'],
    ['main/electron/a.ts', 'import { app } from "electron"; import { a } from "../app.ts"'],
    ['main/ipc/router.ts', 'import { ipcMain } from "electron"'],
    ['main/index.ts', 'import { app } from "electron"'],
    ['main/auth/a.ts', 'import type { BrowserWindow } from "electron"; import { randomUUID } from "node:crypto"; import type { A } from "../app.ts"'],
    ['main/host/a.ts', 'import Database from "better-sqlite3"'],
    ['test/e2e/a.spec.ts', 'import { a } from "../../main/a.ts"; import "electron"'],
  ])('%s: %s', (path, text) => {
    expect(details(path, text)).toEqual([]);
  });
});

describe('doors', () => {
  it.each([
    ['main/ipc/handlers/a.ts', 'import { ipcMain } from "electron"'],
    ['main/electron/a.ts', 'import * as electron from "electron"; electron.ipcMain.handle("x", () => 1)'],
    ['renderer/features/a.ts', 'window.valeo.call("x", {})'],
    ['renderer/features/a.ts', 'globalThis["valeo"]'],
    ['renderer/features/a.tsx', 'export const a = <p dangerouslySetInnerHTML={b} />'],
    ['renderer/features/a.ts', 'element.innerHTML = text'],
    ['renderer/features/a.ts', 'const answer = await fetch("https://example.org")'],
  ])('%s: %s', (path, text) => {
    expect(checkDoors([sample(path, text)])).not.toEqual([]);
  });

  it.each([
    ['main/ipc/router.ts', 'import { ipcMain } from "electron"; ipcMain.handle("x", () => 1)'],
    ['renderer/bridge/call.ts', 'window.valeo.call("x", {})'],
    ['main/a.ts', '// ipcMain is not used here\nexport const a = 1'],
    ['renderer/bridge/a.test.ts', 'window.valeo = {}'],
  ])('lets %s: %s', (path, text) => {
    expect(checkDoors([sample(path, text)])).toEqual([]);
  });
});

describe('the other rules', () => {
  it('notices long files, and reasons that are not needed any more', () => {
    const long = sample('main/a.ts', 'a;\n'.repeat(301));
    expect(checkLength([long], {})).toHaveLength(1);
    expect(checkLength([long], { 'main/a.ts': 'a table' })).toEqual([]);
    expect(checkLength([sample('main/a.ts', 'a;')], { 'main/a.ts': 'a table' })).toHaveLength(1);
  });

  it('notices a folder that is not ours', () => {
    expect(checkFolders(['main', 'src'])).toEqual([expect.objectContaining({ file: 'src' })]);
  });

  it('notices a text that one language lacks', () => {
    expect(checkLocales({ a: { b: 'x', c: 'x' } }, { a: { b: 'x' }, d: 'x' }).map(({ file, detail }) => `${file} ${detail}`)).toEqual(['de lacks d', 'en lacks a.c']);
    expect(checkLocales({ a: 'x' }, { a: 'y' })).toEqual([]);
  });

  it('reads package names', () => {
    expect(packageName('react-dom/client')).toBe('react-dom');
    expect(packageName('@tanstack/react-query/x')).toBe('@tanstack/react-query');
  });
});
