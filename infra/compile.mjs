// Compiles Python sources with CPython in WebAssembly: `node compile.mjs FOLDER INSTALLED_AT`, or `--version`.
import { loadPyodide } from "pyodide";

const [folder, installedAt] = process.argv.slice(2);
const python = await loadPyodide();
if (folder === "--version") {
  console.log(python.runPython("import sys; '%d.%d' % sys.version_info[:2]"));
} else {
  python.mountNodeFS("/sources", folder);
  python.globals.set("installed_at", installedAt);
  python.runPython(`
    import compileall, py_compile
    compileall.compile_dir(
        "/sources", quiet=2, stripdir="/sources", prependdir=installed_at,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
  `);
}
