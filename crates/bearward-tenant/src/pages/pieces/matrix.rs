//! What each of several is granted, as a table of boxes.

/// The table: rows (applications, roles) by columns (permissions).
pub(crate) struct Matrix {
    /// Where changes go.
    pub(crate) action: String,
    /// What the table is: "Permissions of each application".
    pub(crate) label: String,
    /// What the rows are: "Application".
    pub(crate) corner: String,
    pub(crate) columns: Vec<MatrixLine>,
    pub(crate) rows: Vec<MatrixLine>,
    /// The ids of the rows and columns that meet in a ticked box.
    pub(crate) granted: Vec<(String, String)>,
}

/// A row or a column. The id holds no space: the two of a cell are sent with one between them.
pub(crate) struct MatrixLine {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl Matrix {
    /// The cells of one row: the column, and whether its box is ticked.
    pub(crate) fn cells(&self, row: &MatrixLine) -> Vec<(&MatrixLine, bool)> {
        let granted =
            |column: &MatrixLine| self.granted.iter().any(|(r, c)| *r == row.id && *c == column.id);
        self.columns.iter().map(|column| (column, granted(column))).collect()
    }

    /// What a box grants, in words: "read:messages for Nightly report". Where there is one column,
    /// the row says it all.
    pub(crate) fn cell_name(&self, row: &MatrixLine, column: &MatrixLine) -> String {
        match self.columns.as_slice() {
            [_] => row.name.clone(),
            _ => format!("{} for {}", column.name, row.name),
        }
    }
}
