/** The VAT rate that an article brings into a line, as an exact decimal. FROZEN: never edit, write the next migration instead. */
export const lookupVatMigration = `
ALTER TABLE lookup_items ADD COLUMN vat_rate TEXT;
`;
