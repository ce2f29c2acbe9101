; The installer for Windows: for one person, without an administrator, in three languages.
;
; makensis -DVERSION=0.1.0 -DNUMBERS=0.1.0.0 -DFROZEN=dist\autosky-desktop -DICON=build\icons\icon.ico
;     -DTARGET=dist\autosky-desktop-0.1.0-windows.exe packaging\windows\installer.nsi

Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma

!include MUI2.nsh
!include FileFunc.nsh

!define NAME "Autosky Desktop"
!define PUBLISHER "Autosky Desktop contributors"
!define PROGRAM "autosky-desktop.exe"
!define ID "io.autosky.desktop"
!define LISTED "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define LINKS "Software\Classes\autosky"
!define LOGIN "Software\Microsoft\Windows\CurrentVersion\Run"

Name "${NAME}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${LISTED}" "InstallLocation"

VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "Apache License 2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

; The first is for all other languages. Windows' own decides.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "PortugueseBR"
!insertmacro MUI_LANGUAGE "Spanish"

LangString RUNNING ${LANG_ENGLISH} "Autosky Desktop is running. Quit it, then choose Retry."
LangString RUNNING ${LANG_PORTUGUESEBR} "O Autosky Desktop está em execução. Encerre-o e escolha Repetir."
LangString RUNNING ${LANG_SPANISH} "Autosky Desktop está en ejecución. Ciérrelo y elija Reintentar."
LangString FOREIGN ${LANG_ENGLISH} "This folder holds other files. Choose an empty one."
LangString FOREIGN ${LANG_PORTUGUESEBR} "Esta pasta contém outros arquivos. Escolha uma pasta vazia."
LangString FOREIGN ${LANG_SPANISH} "Esta carpeta contiene otros archivos. Elija una carpeta vacía."

; Windows lets nobody write to a program that runs: that is how it is known.
!macro WAIT_UNTIL_IT_ENDS
  again:
    IfFileExists "$INSTDIR\${PROGRAM}" 0 ended
    ClearErrors
    FileOpen $0 "$INSTDIR\${PROGRAM}" a
    IfErrors 0 closed
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Quit
  closed:
    FileClose $0
  ended:
!macroend

; All of the folder is replaced and removed, so it must have been ours or empty.
!macro REMOVE_PROGRAM
  IfFileExists "$INSTDIR\${PROGRAM}" 0 +4
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\${PROGRAM}"
    Delete "$INSTDIR\autosky.exe"
!macroend

Section
  !insertmacro WAIT_UNTIL_IT_ENDS
  IfFileExists "$INSTDIR\${PROGRAM}" ours
  IfFileExists "$INSTDIR\_internal\*.*" 0 ours
    MessageBox MB_OK|MB_ICONSTOP "$(FOREIGN)" /SD IDOK
    SetErrorLevel 2
    Quit
  ours:
  !insertmacro REMOVE_PROGRAM
  SetOutPath "$INSTDIR"
  File /r "${FROZEN}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"

  WriteRegStr HKCU "${LINKS}" "" "URL:Autosky"
  WriteRegStr HKCU "${LINKS}" "URL Protocol" ""
  WriteRegStr HKCU "${LINKS}\DefaultIcon" "" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${LINKS}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'

  WriteRegStr HKCU "${LISTED}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${LISTED}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${LISTED}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${LISTED}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${LISTED}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${LISTED}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${LISTED}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${LISTED}" "NoModify" 1
  WriteRegDWORD HKCU "${LISTED}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${LISTED}" "EstimatedSize" $0
SectionEnd

; Data and settings stay: they are the person's.
Section Uninstall
  !insertmacro WAIT_UNTIL_IT_ENDS
  !insertmacro REMOVE_PROGRAM
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  ReadRegStr $0 HKCU "${LINKS}\shell\open\command" ""
  StrCmp $0 '"$INSTDIR\${PROGRAM}" "%1"' 0 +2
    DeleteRegKey HKCU "${LINKS}"
  DeleteRegValue HKCU "${LOGIN}" "autosky-desktop"
  DeleteRegKey HKCU "${LISTED}"
SectionEnd
