"""A program with nothing but an icon in the tray, whose tool tip says what was done last."""

import sys

from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

app = QApplication(["icon-in-the-tray"])
picture = QPixmap(32, 32)
picture.fill("red")
icon = QSystemTrayIcon(QIcon(picture))
menu = QMenu()
inner = menu.addMenu("ERP Production")
inner.addAction("Extend &1 h", lambda: icon.setToolTip("extended"))
menu.addSeparator()
menu.addAction("Nothing").setEnabled(False)
menu.addAction("Quit", app.quit)
icon.setContextMenu(menu)
icon.activated.connect(lambda reason: icon.setToolTip(reason.name))
icon.show()
sys.exit(app.exec())
