import { config } from 'zod';

/** The window's policy forbids code made from text: schemas check without it. Before any schema is made. */
config({ jitless: true });
