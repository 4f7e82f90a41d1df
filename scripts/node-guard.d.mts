export function canRunTypeScript(): boolean;
export function repositoryNode(root?: string): string | undefined;
export function wrongNodeMessage(version?: string): string;
export function startScript(script: string, args: string[]): Promise<void>;
