/**
 * Only suppliers say that something is not affected, and only of their own product; what a tool was told to ignore counted as such a
 * statement for every product. The words of tools become what they are, and what hung on them is open again, or accepted where somebody had
 * accepted it. FROZEN: never edit, write the next migration instead.
 */
export const findingStatementsMigration = `
UPDATE finding_sources SET statement = 'ignored' WHERE statement = 'notAffected' AND scope IN (SELECT id FROM finding_scopes WHERE tool NOT LIKE 'cyclonedx%');
CREATE TEMP TABLE open_again (finding INTEGER PRIMARY KEY);
INSERT INTO open_again SELECT DISTINCT s.finding FROM findings f JOIN finding_sources s ON s.finding = f.id JOIN finding_scopes c ON c.id = s.scope
  WHERE f.status = 3 AND s.present = 1 AND coalesce((
    SELECT o.statement FROM finding_sources o JOIN finding_scopes d ON d.id = o.scope
    WHERE o.finding = s.finding AND o.present = 1 AND o.statement IS NOT NULL AND o.statement <> 'ignored' AND (o.id = s.id OR (d.target = c.target AND d.target <> ''))
    ORDER BY o.last_seen DESC LIMIT 1
  ), '') <> 'notAffected';
INSERT INTO finding_events (finding, at, what, by, note) SELECT finding, unixepoch() * 1000, 'reopened', NULL, '' FROM open_again;
UPDATE findings SET status = 2, due_at = NULL WHERE id IN (SELECT finding FROM open_again) AND id IN (SELECT finding FROM finding_acceptances);
UPDATE findings SET status = 0, due_at = opened_at + CASE severity WHEN 0 THEN 7 WHEN 1 THEN 30 WHEN 2 THEN 90 WHEN 3 THEN 180 END * 86400000 WHERE id IN (SELECT finding FROM open_again) AND status = 3;
DROP TABLE open_again;
`;
