// What pdfkit keeps in memory until a file is written, which its published types leave out.
declare namespace PDFKit {
  interface PDFPage {
    /** Its key in the tree that leads from marked content to its element. */
    structParentTreeKey: number;
  }

  interface PDFDocument {
    getStructParentTree(): { get(key: number): unknown[]; add(key: number, value: object): void };
    /** The font chosen last, with every word it was ever asked to set. */
    _font: { layoutCache?: object };
  }
}
