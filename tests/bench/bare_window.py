"""The yardstick: the least a PySide6 program can be, a window with a table of 20 rows."""

import sys

from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem

ROWS, COLUMNS = 20, 5

app = QApplication(sys.argv)
window = QMainWindow()
table = QTableWidget(ROWS, COLUMNS)
for row in range(ROWS):
    for column in range(COLUMNS):
        table.setItem(row, column, QTableWidgetItem(f"server {row} {column}"))
window.setCentralWidget(table)
window.resize(1280, 820)
window.show()
sys.exit(app.exec())
