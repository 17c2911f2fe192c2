#!/usr/bin/env node
/** `npx --no -- sluice` in the checkout: the bundle, made when it is not there or old. */
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { bundled } from './bundle.mjs';

module.enableCompileCache?.();
await import(pathToFileURL(await bundled()).href);
