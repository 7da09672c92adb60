// Checks that the public declarations of each entry are those of its report in etc/; with --write, writes the reports.
// A change of a report is a change of the API: whoever reads a commit sees it there. Build first.
import { mkdirSync } from "node:fs";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { entries, inRoot } from "./entries.ts";

const write = process.argv.includes("--write");
const SILENT = { default: { logLevel: ExtractorLogLevel.None } };

/** False if the report was not what the declarations are. */
function report(entry: string): boolean {
  const declarations = inRoot(`dist/types/${entry}.d.ts`);
  const compilerOptions = { lib: ["ES2022", "ESNext.Disposable"], types: [], strict: true, skipLibCheck: true };
  const module = { target: "ES2022", module: "ESNext", moduleResolution: "Bundler" };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: inRoot(""),
      mainEntryPointFilePath: declarations,
      compiler: { overrideTsconfig: { compilerOptions: { ...compilerOptions, ...module }, files: [declarations] } },
      apiReport: {
        enabled: true,
        reportFileName: entry,
        reportFolder: inRoot("etc"),
        reportTempFolder: inRoot(".temp/api"),
        // Types that the exported ones are made of belong to the API as well.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // The report is for reading differences; what the comments say is typedoc's business.
      messages: { compilerMessageReporting: SILENT, extractorMessageReporting: SILENT, tsdocMessageReporting: SILENT },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: inRoot("package.json"),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: write,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  return write || !apiReportChanged;
}

mkdirSync(inRoot("etc"), { recursive: true });
mkdirSync(inRoot(".temp/api"), { recursive: true });
const changed = Object.keys(entries).filter((entry) => !report(entry));
if (changed.length > 0) {
  console.error(`The API of ${changed.join(", ")} is not that of etc/: npm run build && npm run api -- --write`);
  process.exitCode = 1;
}
