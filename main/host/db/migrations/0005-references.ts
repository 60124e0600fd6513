/**
 * Which document names which: found from the one that is named, so that a chain can be walked both ways. FROZEN: never
 * edit, write the next migration instead.
 *
 * No index on `source` and no foreign key: who changes or removes a document knows from its body which rows are its own,
 * and a second index would cost every write. The numbers are the stored type codes; a type has at most two references.
 */
export const referencesMigration = `
CREATE TABLE document_references (
  number TEXT NOT NULL,
  type INTEGER NOT NULL,
  source INTEGER NOT NULL,
  PRIMARY KEY (number, type, source)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO document_references (number, type, source)
SELECT trim(value), target, id FROM (
  SELECT d.id AS id,
    CASE d.type WHEN 2 THEN 1 WHEN 3 THEN 2 WHEN 4 THEN 3 WHEN 5 THEN 3 WHEN 6 THEN 5 WHEN 8 THEN 7 WHEN 9 THEN 8 END AS target,
    json_extract(b.body, CASE d.type
      WHEN 2 THEN '$.fields.customerInquiryId' WHEN 3 THEN '$.fields.salesOfferId' WHEN 4 THEN '$.fields.sourceOrder' WHEN 5 THEN '$.fields.sourceOrder'
      WHEN 6 THEN '$.fields.salesInvoiceId' WHEN 8 THEN '$.fields.purchaseRequestId' WHEN 9 THEN '$.fields.purchaseOfferId' END) AS value
  FROM documents d JOIN document_bodies b ON b.id = d.id WHERE d.type NOT IN (1, 7)
  UNION ALL
  SELECT d.id, CASE d.type WHEN 5 THEN 4 WHEN 9 THEN 7 END,
    json_extract(b.body, CASE d.type WHEN 5 THEN '$.fields.sourceDelivery' WHEN 9 THEN '$.fields.purchaseRequestId' END)
  FROM documents d JOIN document_bodies b ON b.id = d.id WHERE d.type IN (5, 9)
) WHERE typeof(value) = 'text' AND trim(value) <> '' AND length(trim(value)) <= 64;
`;
