import type { Rating } from './severity.ts';

/** What a scan looked at; the evidence for the score is kept by it. */
export const scanKinds = ['static', 'dependencies', 'images', 'dynamic', 'secrets', 'configuration'] as const;
export type ScanKind = (typeof scanKinds)[number];

/** Report formats that are understood. `server` is the list of the ERP itself. */
export const formats = ['sarif', 'trivy', 'grype', 'zap', 'bandit', 'safety', 'npmAudit', 'cyclonedx', 'server'] as const;
export type Format = (typeof formats)[number];

/** Why a row of a report cannot be used. */
export const rowFaults = ['notAnObject', 'noId', 'noPackage', 'noPlace', 'noRule'] as const;
export type RowFault = (typeof rowFaults)[number];

/** Why a whole report is refused. */
export const refusals = ['tooLarge', 'tooDeep', 'tooMany', 'notText', 'entities', 'unreadable', 'unknownFormat', 'mostlyUnusable', 'tooHard', 'tooManyRows', 'partsListOnly', 'nothingLookedAt'] as const;
export type Refusal = (typeof refusals)[number];

/** A part of the software that a vulnerability is in, as a package URL names it, without version and qualifiers. */
export type Component = { ecosystem: string; name: string; version: string | null };

/** Where a finding is. One of the parts says what kind of place it is. */
export type Place = {
  component: Component | null;
  file: string | null;
  /** From 1. */
  line: number | null;
  url: string | null;
  parameter: string | null;
  /** Digest of the layer of an image. */
  layer: string | null;
};

/** What a supplier says about a vulnerability in its product (VEX); `ignored` is a rule of the tool, for which nobody vouches. */
export type Statement = { state: 'notAffected' | 'fixed' | 'affected' | 'ignored'; detail: string };

/** One row of a report, whatever tool wrote it. All texts are plain and cut. */
export type Row = {
  kind: 'vulnerability' | 'code' | 'web';
  title: string;
  description: string;
  rating: Rating;
  place: Place;
  /** Names of one and the same vulnerability, the tool's own first: CVE, GHSA and the like. Empty for code and web. */
  ids: string[];
  /** Numbers of the Common Weakness Enumeration. */
  cwes: number[];
  /** The rule of the tool that fired; null for vulnerabilities. */
  rule: string | null;
  fix: string | null;
  /** Identity of a code finding beyond its file: what the code says, or what the tool says about it. */
  fingerprint: string | null;
  statement: Statement | null;
};

/** One scan in a report: closing what vanished works only against the same tool, kind, target and part. */
export type Scan = { tool: string; toolVersion: string | null; kind: ScanKind; /** Null when the report does not say. */ target: string | null; /** What of the target it looked at where that is divided, such as a language; empty for all of it. */ part: string; /** Epoch milliseconds; null when the report does not say. */ scannedAt: number | null; rows: Row[] };

export type Unusable = { /** Where in the report, for example `Results[2].Vulnerabilities[7]`. */ at: string; why: RowFault };

/** What was read from a report. */
export type Reading = { format: Format; formatVersion: string | null; scans: Scan[]; unusable: Unusable[]; unusableCount: number };
