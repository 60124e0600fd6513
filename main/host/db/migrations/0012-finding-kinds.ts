/**
 * What Trivy found in settings and of secrets stood in the scan of its packages; each is a scan of its own now, so that a later one of
 * packages alone does not close it. FROZEN: never edit, write the next migration instead.
 */
export const findingKindsMigration = `
CREATE TEMP TABLE trivy_code (source INTEGER PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, scanned_at INTEGER NOT NULL, claimed INTEGER NOT NULL);
INSERT INTO trivy_code
  SELECT s.id, CASE WHEN json_valid(s.body) AND json_extract(s.body, '$.cwes[0]') = 798 THEN 'secrets' ELSE 'configuration' END, c.target, c.scanned_at, c.claimed
  FROM finding_scopes c JOIN finding_sources s ON s.scope = c.id JOIN findings f ON f.id = s.finding WHERE c.tool = 'trivy' AND c.part = '' AND f.kind = 1;
INSERT INTO finding_scopes (tool, kind, target, scanned_at, claimed) SELECT 'trivy', kind, target, max(scanned_at), min(claimed) FROM trivy_code GROUP BY kind, target;
UPDATE OR IGNORE finding_sources SET scope = (
  SELECT c.id FROM trivy_code t JOIN finding_scopes c ON c.tool = 'trivy' AND c.kind = t.kind AND c.target = t.target AND c.part = '' WHERE t.source = finding_sources.id
) WHERE id IN (SELECT source FROM trivy_code);
DROP TABLE trivy_code;
`;
