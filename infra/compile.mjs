// Compiles Python sources with CPython in WebAssembly: `node compile.mjs FOLDER INSTALLED_AT`.
import { loadPyodide } from "pyodide";

const [folder, installedAt] = process.argv.slice(2);
const python = await loadPyodide();
python.mountNodeFS("/sources", folder);
python.globals.set("installed_at", installedAt);
python.runPython(`
  import compileall, py_compile
  compileall.compile_dir(
      "/sources", quiet=2, stripdir="/sources", prependdir=installed_at,
      invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
  )
`);
