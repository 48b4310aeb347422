/** Builds the loader and the panel into `folder` and answers the names of the files. */
export function buildWidget(folder: string): Promise<string[]>;

/** Properties of the panel's own objects, which the build shortens. */
export const OWN_NAMES: string[];
