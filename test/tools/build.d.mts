export declare const projectRoot: string;
export declare function buildDist(folder?: string): Promise<void>;
export declare function buildPackage(folder: string): Promise<void>;
