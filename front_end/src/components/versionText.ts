interface Versioned {
  version?: string | null | undefined;
  version_number?: number | null | undefined;
}

/** What people call a version: v1, v2 …; as the protocol writes it where there is no number. */
export function versionText({ version, version_number }: Versioned): string {
  return version_number ? `v${version_number}` : (version ?? '');
}

/** The same of the version that a run is of, or a file is used by. */
export function taskVersionText(row: {
  task_version?: string | null | undefined;
  task_version_number?: number | null | undefined;
}): string {
  return versionText({ version: row.task_version, version_number: row.task_version_number });
}
