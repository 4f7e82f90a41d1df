import { launch } from './electron/launch.ts';

launch();
