// Written by `npm run api-types` from the OpenAPI document of the server.
export interface paths {
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server is there */
        get: operations["readHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graphs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every graph, the one changed last first */
        get: operations["listGraphs"];
        put?: never;
        /** Keep a new graph: a document, or a template */
        post: operations["createGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graphs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A graph: its newest revision, or an earlier one */
        get: operations["readGraph"];
        /** Save a graph whole, on the revision that it was made of */
        put: operations["saveGraph"];
        post?: never;
        /** Take a graph out of the list; its files are kept, and it can be restored */
        delete: operations["removeGraph"];
        options?: never;
        head?: never;
        /** Make an edit; made on an older revision, it fits where it touches other fields than the edits since */
        patch: operations["editGraph"];
        trace?: never;
    };
    "/api/graphs/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a graph that was removed back into the list */
        post: operations["restoreGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graphs/{id}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a copy of a graph under another name */
        post: operations["duplicateGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Graphs to begin with: the default, the models that it is made of, its ablations, and those that plugins offer */
        get: operations["listTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/templates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A graph to begin with */
        get: operations["readTemplate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graphs/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep the graph of a file, of this version of the format or an older one */
        post: operations["importGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graphs/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A graph as a file: the one text of its document */
        get: operations["exportGraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graphs/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The edits of a graph, the newest first */
        get: operations["listRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graphs/{id}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an earlier revision the newest, as one more edit */
        post: operations["revertGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is not the same in two graphs: by logic, and as the edit that makes the one of the other */
        get: operations["diffGraphs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What is wrong with a document, and what flows in it: shapes, strides and costs */
        post: operations["checkGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set finished runs beside one another: figures by category, mean and spread over seeds, and what is not the same in them */
        post: operations["compareRuns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every node type: parameters with their controls, sockets, source */
        get: operations["listNodeTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/nodes/sockets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The sockets of a node type with some parameters, and what is wrong with these */
        post: operations["readSockets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The packs that come with Stillroom, and the plugins that are here: what they bring, and whether they are used */
        get: operations["listPlugins"];
        put?: never;
        /** Install a plugin that was looked at, and load it; its install scripts are not run */
        post: operations["addPlugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plugins/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a plugin is that could be added; nothing of it is run or kept */
        post: operations["lookAtPlugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plugins/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a packed package as the body, to look at it and to add it; nothing of it is run */
        post: operations["sendPlugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plugins/{name}/icon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The icon of a plugin */
        get: operations["readPluginIcon"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plugins/{name}/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a plugin says of itself at length, as text */
        get: operations["readPluginDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plugins/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an installed plugin; graphs keep their nodes of it */
        delete: operations["removePlugin"];
        options?: never;
        head?: never;
        /** Use a plugin, or do not; one that was switched off by itself is tried again */
        patch: operations["switchPlugin"];
        trace?: never;
    };
    "/api/client-parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Viewers and controls of the plugins that are in use */
        get: operations["listClientParts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-parts/module": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code of a viewer or control, to be run in a sandboxed frame */
        get: operations["readClientPart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/engine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether there is something to compute with, and how far its installation is */
        get: operations["readEngine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/engine/install": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Install the engine in the background, unless that goes on already; what was fetched whole is kept */
        post: operations["installEngine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every dataset that is registered, by name */
        get: operations["listDatasets"];
        put?: never;
        /** Register a folder inside a data root; one that is known keeps its id */
        post: operations["registerDataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a dataset: a form with parts "files", each with its relative path as file name, or one part "archive"; or a zip archive as the body */
        post: operations["uploadDataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the generated demo set is. The topic "datasets/demo" tells the same */
        get: operations["readDemo"];
        put?: never;
        /** Draw the generated demo set, unless it is there, and register it */
        post: operations["drawDemo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A dataset: where it is, and whether it is as it was scanned */
        get: operations["readDataset"];
        put?: never;
        post?: never;
        /** Forget a dataset; its folder and files stay */
        delete: operations["forgetDataset"];
        options?: never;
        head?: never;
        /** Give a dataset another name */
        patch: operations["renameDataset"];
        trace?: never;
    };
    "/api/datasets/{id}/scan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was found: categories with counts, sizes and defects, and what is not as it should be */
        get: operations["readScan"];
        put?: never;
        /** Look at every image, in the background, unless that goes on. The topic "datasets/ID" tells how far it is */
        post: operations["scanDataset"];
        /** End a scan that goes on; an earlier one stays */
        delete: operations["cancelScan"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/folders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The folders in a folder inside a data root; the data roots where none is named */
        get: operations["listFolders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The images of a dataset, in the splits that a run with this seed would make */
        get: operations["listImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{id}/images/{image}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An image, upright, 8 bits, at a width */
        get: operations["showImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{id}/images/{image}/mask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the mask of an image marks, white on black, at a width */
        get: operations["showMask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/weights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All weights that can be named, and where they are */
        get: operations["listWeights"];
        put?: never;
        /** Add a file of weights, or a folder of arrays, inside a data root: a copy is kept */
        post: operations["addWeights"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/weights/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a file of weights (safetensors, PyTorch, NumPy) as the body, and add it */
        post: operations["uploadWeights"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/weights/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetch a file from an address that the user has confirmed, in the background, and add it; the topic "weights/NAME" tells how far that is */
        post: operations["fetchWeights"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/weights/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove weights that were added, and their copy */
        delete: operations["removeWeights"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/weights/{name}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetch registered weights in the background, unless they are here. The topic "weights/NAME" tells how far that is */
        post: operations["downloadWeights"];
        /** End a download that goes on; the next one goes on from there */
        delete: operations["cancelDownload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/weights/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try weights that are here on generated images: what each stage gives, and what looks wrong. Takes seconds */
        post: operations["checkWeights"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run what lies above some sockets of a graph on some images, and show what flows there */
        post: operations["preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/preview/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send images to be looked at; the last ones are kept for a while */
        post: operations["uploadPreviewImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/preview/pictures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture of a preview */
        get: operations["showPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Score images with a finished run: files in data roots, or images sent as files of a form */
        post: operations["predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/predictions/{id}/maps/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The map of an image that was scored, in the coordinates of the image */
        get: operations["showMap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What each layer and module contributes to a map of a run at a pixel, how far teacher and student are apart there, and the normal patches most like it */
        post: operations["explainPixel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/layer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What teacher and student see of an image at one layer, and their difference, as pictures in the same colours */
        post: operations["showLayer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An image of the dataset of a run, or a region of it */
        get: operations["showImageOfRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/fitted-parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which nodes of a graph the run has fitted as they are now, by what each is and what comes before it */
        post: operations["tellFittedParts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every run, the newest first */
        get: operations["listRuns"];
        put?: never;
        /** Ask for a run of a graph on a dataset */
        post: operations["queueRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A run: what was asked for, where it is, what it has measured */
        get: operations["readRun"];
        put?: never;
        post?: never;
        /** Take a run out of the list; its folder is kept among the removed */
        delete: operations["removeRun"];
        options?: never;
        head?: never;
        /** Change the priority of a run */
        patch: operations["prioritiseRun"];
        trace?: never;
    };
    "/api/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run; one at work saves its last whole epoch first */
        post: operations["cancelRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause a run; one at work saves its last whole epoch first */
        post: operations["pauseRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a paused run from its last whole epoch */
        post: operations["resumeRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a run that failed or was cancelled, from its last whole epoch */
        post: operations["retryRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in a run, from a number on; sockets tell the same as it happens */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/categories/{category}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A category of a run: losses, curves, raw scores of its test images, pictures of maps */
        get: operations["readCategory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of a run, such as report.html or a picture */
        get: operations["readFileOfRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queue of runs */
        get: operations["readQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Hold the queue, so that no queued run begins; or say how many may be at work at once. Both stay so over restarts */
        patch: operations["changeQueue"];
        trace?: never;
    };
    "/api/exporters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a finished run can be written as */
        get: operations["listExporters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write a finished run, in a process of its own; it is kept until the next export of its kind */
        post: operations["exportRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/exports/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of an export */
        get: operations["readFileOfExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Change: {
            /** @description Keys from the outside in; an edge goes by the input that it leads to, a frame or a note by its id. */
            path: string[];
            /** @description What the change was made on; absent where nothing was. */
            before?: unknown;
            /** @description What it puts there; absent to take it away. */
            after?: unknown;
        };
        GivenRun: {
            /** @description Id of a run of the home. */
            id: string;
        } | {
            /** @description A run folder in a data root. */
            folder: string;
        };
        GivenImage: {
            /** @description A file in a data root. */
            path: string;
        } | {
            /** @description Id of a dataset that was scanned. */
            dataset: string;
            /** @description Id of an image of it. */
            image: string;
        } | {
            /** @description Id that POST /preview/images gave. */
            upload: string;
        };
        Rendering: {
            /** @constant */
            kind: "auto";
            /**
             * @description How numbers become colours; inferno where absent. Turbo is not even to the eye.
             * @enum {string}
             */
            colours?: "inferno" | "viridis" | "magma" | "turbo" | "grey";
        } | {
            /** @constant */
            kind: "image";
        } | {
            /** @constant */
            kind: "channels";
            /**
             * @description At most so many.
             * @default 16
             */
            count: number;
            /**
             * @description Strongest: of the largest mean magnitude.
             * @default strongest
             * @enum {string}
             */
            order: "first" | "strongest";
        } | {
            /** @constant */
            kind: "mean";
            /**
             * @description How numbers become colours; inferno where absent. Turbo is not even to the eye.
             * @enum {string}
             */
            colours?: "inferno" | "viridis" | "magma" | "turbo" | "grey";
        } | {
            /** @constant */
            kind: "pca";
        } | {
            /** @constant */
            kind: "map";
            low?: number;
            high?: number;
            /**
             * @description How numbers become colours; inferno where absent. Turbo is not even to the eye.
             * @enum {string}
             */
            colours?: "inferno" | "viridis" | "magma" | "turbo" | "grey";
        } | {
            /** @constant */
            kind: "histogram";
            /** @default 64 */
            bins: number;
        } | {
            /** @constant */
            kind: "score";
        } | {
            /** @constant */
            kind: "raw";
        };
        Problem: {
            /** @description Where the code is explained. */
            type: string;
            /** @description One sentence: what was expected and what was found. */
            title: string;
            status: number;
            /** @description Stable; listed in docs/errors.md. */
            code: string;
            node?: string;
            socket?: string;
            field?: string;
            file?: string;
            /** @description What to do next. */
            hint?: string;
            /** @description Where there are several, all of them. */
            problems?: {
                [key: string]: unknown;
            }[];
            /** @description Of an edit that does not fit: what it was made on, what it would put there, what is there now. */
            conflicts?: {
                /** @description Keys from the outside in; an edge goes by the input that it leads to, a frame or a note by its id. */
                path: string[];
                /** @description What the change was made on; absent where nothing was. */
                before?: unknown;
                /** @description What it puts there; absent to take it away. */
                after?: unknown;
                found?: unknown;
            }[];
        };
        NewGraph: {
            id: string;
            revision: number;
            /** Format: date-time */
            modified: string;
            /** @description A Stillroom graph. */
            document: {
                $schema?: string;
                /**
                 * @description Version of the document format.
                 * @constant
                 */
                stillroom: 1;
                name: string;
                description?: string;
                /** @description Source of the method: paper, section. */
                cite?: string;
                /** @description Plugins that its node types come from, by their npm name, each with the version that it was saved with. It changes no result. */
                requires?: {
                    [key: string]: string;
                };
                nodes: {
                    [key: string]: components["schemas"]["node"];
                };
                edges: components["schemas"]["edge"][];
                subgraphs?: {
                    [key: string]: components["schemas"]["subgraph"];
                };
                layout?: components["schemas"]["layout"];
            } & {
                [key: string]: unknown;
            };
            /** @description What bringing the document to this version gave rise to. */
            warnings: components["schemas"]["LocatedProblem"][];
        };
        node: {
            /** @description `<package>/<node>`, or `subgraph` for an instance of a sub-graph. */
            type: string;
            /** @description Version of the node type that the parameters are written for. */
            version?: number;
            /** @description Which sub-graph an instance stands for. */
            of?: string;
            title?: string;
            /** @description A muted node counts as absent. */
            muted?: boolean;
            /** @description Values by parameter; absent ones have their default. Of an instance: values by `inner.parameter`. */
            params?: {
                [key: string]: unknown;
            };
            comment?: string;
        } & {
            [key: string]: unknown;
        };
        edge: {
            /** @description The output it comes from, `node.socket`; inside a sub-graph also `$in.name`. */
            from: string;
            /** @description The input it goes to, `node.socket`; inside a sub-graph also `$out.name`. */
            to: string;
        } & {
            [key: string]: unknown;
        };
        subgraph: {
            title?: string;
            description?: string;
            inputs: {
                [key: string]: components["schemas"]["port"];
            };
            outputs: {
                [key: string]: components["schemas"]["port"];
            };
            nodes: {
                [key: string]: components["schemas"]["node"];
            };
            edges: components["schemas"]["edge"][];
            layout?: components["schemas"]["layout"];
        } & {
            [key: string]: unknown;
        };
        port: {
            type: string;
            title?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description Where things are drawn, in px of the canvas. It changes no result. */
        layout: {
            nodes?: {
                [key: string]: {
                    x: number;
                    y: number;
                    width?: number;
                    collapsed?: boolean;
                } & {
                    [key: string]: unknown;
                };
            };
            /** @description Points that wires are led through, from their output on, by the input that they go to. */
            wires?: {
                [key: string]: ({
                    x: number;
                    y: number;
                } & {
                    [key: string]: unknown;
                })[];
            };
            frames?: ({
                id?: string;
                title: string;
                x: number;
                y: number;
                width: number;
                height: number;
                colour?: string;
            } & {
                [key: string]: unknown;
            })[];
            notes?: ({
                id?: string;
                text: string;
                x: number;
                y: number;
                width?: number;
                height?: number;
            } & {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        LocatedProblem: {
            /** @description Stable; listed in docs/errors.md. */
            code: string;
            /** @enum {string} */
            severity: "error" | "warning";
            message: string;
            node?: string;
            socket?: string;
            field?: string;
            file?: string;
            hint?: string;
        };
        Graph: {
            id: string;
            revision: number;
            /** Format: date-time */
            modified: string;
            /** @description A Stillroom graph. */
            document: {
                $schema?: string;
                /**
                 * @description Version of the document format.
                 * @constant
                 */
                stillroom: 1;
                name: string;
                description?: string;
                /** @description Source of the method: paper, section. */
                cite?: string;
                /** @description Plugins that its node types come from, by their npm name, each with the version that it was saved with. It changes no result. */
                requires?: {
                    [key: string]: string;
                };
                nodes: {
                    [key: string]: components["schemas"]["node"];
                };
                edges: components["schemas"]["edge"][];
                subgraphs?: {
                    [key: string]: components["schemas"]["subgraph"];
                };
                layout?: components["schemas"]["layout"];
            } & {
                [key: string]: unknown;
            };
        };
        EditedGraph: {
            id: string;
            revision: number;
            /** Format: date-time */
            modified: string;
            /** @description A Stillroom graph. */
            document: {
                $schema?: string;
                /**
                 * @description Version of the document format.
                 * @constant
                 */
                stillroom: 1;
                name: string;
                description?: string;
                /** @description Source of the method: paper, section. */
                cite?: string;
                /** @description Plugins that its node types come from, by their npm name, each with the version that it was saved with. It changes no result. */
                requires?: {
                    [key: string]: string;
                };
                nodes: {
                    [key: string]: components["schemas"]["node"];
                };
                edges: components["schemas"]["edge"][];
                subgraphs?: {
                    [key: string]: components["schemas"]["subgraph"];
                };
                layout?: components["schemas"]["layout"];
            } & {
                [key: string]: unknown;
            };
            /** @description Edits between the revision that this one was made on and its own; empty where none was named. */
            since: components["schemas"]["Revision"][];
        };
        Revision: {
            revision: number;
            /** Format: date-time */
            at: string;
            by: string;
            patch: components["schemas"]["ChangeOutput"][];
        };
        Cost: {
            /** @description Weights, counted as numbers. */
            parameters: number;
            /** @description For one image. */
            multiplyAdds: number;
            /** @description Written for one image. */
            activationBytes: number;
        };
        Figures: {
            imageAuroc: number | null;
            pixelAuroc: number | null;
            aupro: number | null;
        };
        SocketType: {
            type: string;
            title: string;
            /** @description `#rrggbb`, on a light ground and on a dark one. */
            colour: {
                light: string;
                dark: string;
            };
            /**
             * @description Shape that sockets of it are marked by.
             * @enum {string}
             */
            mark: "square" | "hexagon" | "diamond" | "circle" | "triangle" | "cross" | "drum" | "peak";
            /** @description How values of it are looked at; by their shape where absent. */
            preview?: ("image" | "map" | "features" | "histogram" | "number" | "none") | {
                viewer: string;
            };
        };
        NodeType: {
            type: string;
            version: number;
            pack: string;
            title: string;
            summary: string;
            category: string;
            /** @description The publication that it follows. */
            cite?: string;
            params: {
                [key: string]: {
                    default: unknown;
                    control: {
                        /** @constant */
                        kind: "number";
                        integer: boolean;
                        step?: number;
                        min?: number;
                        max?: number;
                        unit?: string;
                    } | {
                        /** @constant */
                        kind: "numbers";
                        length?: number;
                        min?: number;
                        max?: number;
                        unit?: string;
                    } | {
                        /** @constant */
                        kind: "toggle";
                    } | {
                        /** @constant */
                        kind: "choice";
                        options: {
                            value: string;
                            title: string;
                        }[];
                    } | {
                        /** @constant */
                        kind: "stages";
                        options: {
                            value: string;
                            title: string;
                        }[];
                    } | {
                        /** @constant */
                        kind: "text";
                        multiline?: boolean;
                    } | {
                        /** @constant */
                        kind: "colour";
                    } | {
                        /** @constant */
                        kind: "folder";
                    } | {
                        /** @constant */
                        kind: "weights";
                        architecture: string;
                    };
                    help?: string;
                    cosmetic?: boolean;
                    custom?: string;
                };
            };
            inputs: {
                [key: string]: {
                    /** @description What may flow there: only equal types fit. */
                    type: string;
                    title?: string;
                    optional?: boolean;
                };
            };
            outputs: {
                [key: string]: {
                    /** @description What may flow there: only equal types fit. */
                    type: string;
                    title?: string;
                    optional?: boolean;
                };
            };
            /** @description Whether other parameters give other sockets: ask POST /nodes/sockets. */
            movingSockets: boolean;
        };
        Plugin: {
            /** @description As npm names it. */
            name: string;
            version: string | null;
            title: string;
            description: string | null;
            author: string | null;
            licence: string | null;
            homepage: string | null;
            /** @description Of the package that it is installed from: `sha512-…`; null of one that was not installed by Stillroom. */
            integrity: string | null;
            /** @description What it says that it does beyond computing. Its code runs with the rights of the server. */
            permissions: {
                network: string[];
                files: string[];
                native: boolean;
            };
            /** @description Scripts that npm would run when it is installed. They are never run here: a plugin that needs what they make may not work. */
            installScripts: string[];
            /** @constant */
            builtin: false;
            /**
             * @description How it came here: a folder that is being worked at, installed into the home, a package of the project at hand.
             * @enum {string}
             */
            origin: "dev" | "home" | "project";
            /**
             * @description `off`: switched off, by itself where there is a `why`. `failed`: it cannot be used.
             * @enum {string}
             */
            state: "on" | "off" | "failed";
            /** @description What it was switched off for, or what keeps it from being used. */
            why: components["schemas"]["LocatedProblem"] | null;
            /** @description Types. */
            nodes: string[];
            /** @description Names of the networks that weights are registered for. */
            architectures: string[];
            /** @description Names. */
            weights: string[];
            /** @description Types. */
            socketTypes: string[];
            /** @description Names. */
            exporters: string[];
            /** @description Names of ways of laying out datasets. */
            layouts: string[];
            /** @description Names of readers of files of weights. */
            weightReaders: string[];
            /** @description Names. */
            optimisers: string[];
            /** @description Names. */
            schedules: string[];
            /** @description Ids of the graphs that it offers to begin with. */
            templates: string[];
            /** @description Viewers and controls that it adds to the editor. */
            parts: string[];
            hasIcon: boolean;
            hasDocs: boolean;
            /** @description What of it cannot be had though it is in use. */
            problems: components["schemas"]["LocatedProblem"][];
        };
        PluginFacts: {
            /** @description As npm names it. */
            name: string;
            version: string | null;
            title: string;
            description: string | null;
            author: string | null;
            licence: string | null;
            homepage: string | null;
            /** @description Of the package that it is installed from: `sha512-…`; null of one that was not installed by Stillroom. */
            integrity: string | null;
            /** @description What it says that it does beyond computing. Its code runs with the rights of the server. */
            permissions: {
                network: string[];
                files: string[];
                native: boolean;
            };
            /** @description Scripts that npm would run when it is installed. They are never run here: a plugin that needs what they make may not work. */
            installScripts: string[];
        };
        ClientPart: {
            /** @enum {string} */
            kind: "viewer" | "control";
            /** @description `<plugin>/<name>` */
            name: string;
            title: string;
            plugin: string;
            /** @description Socket types whose values a viewer shows. */
            for: string[];
        };
        Engine: {
            /** @enum {string} */
            state: "absent" | "installing" | "ready" | "failed";
            progress?: {
                /** @enum {string} */
                stage: "wait" | "download" | "verify" | "unpack" | "compile" | "prove";
                /** @description What the stage works on. */
                subject: string;
                done: number;
                /** @description Where it is known. */
                total?: number;
                /** @enum {string} */
                unit: "bytes" | "steps";
            };
            /** @description Why it could not be had. */
            problem?: components["schemas"]["LocatedProblem"];
            details?: {
                directory: string;
                /** @enum {string} */
                source: "named" | "wheel" | "prebuilt";
                /** @description Why this engine and no other. */
                because: string;
                /** @description TensorFlow's. */
                version?: string;
                /** @enum {string} */
                variant?: "cpu" | "gpu";
                /** @description When, ISO 8601. */
                made?: string;
            };
        };
        ScanState: {
            /** @enum {string} */
            state: "none" | "waiting" | "scanning" | "done" | "failed" | "cancelled";
            /** @description Files looked at. */
            progress?: {
                done: number;
                total: number;
            };
            /** @description How many there are, once they were looked at. */
            images?: number;
            problem?: components["schemas"]["LocatedProblem"];
        };
        DatasetRecord: {
            id: string;
            name: string;
            path: string;
            /** @description ISO 8601. */
            registered: string;
        };
        DemoState: {
            /** @enum {string} */
            state: "none" | "drawing" | "done" | "failed";
            /** @description Images drawn. */
            progress?: {
                done: number;
                total: number;
            };
            /** @description Id of the dataset, once it is there. */
            dataset?: string;
            problem?: components["schemas"]["LocatedProblem"];
        };
        Dataset: {
            id: string;
            name: string;
            path: string;
            /** @description ISO 8601. */
            registered: string;
            /**
             * @description Whether the folder is where it was, and in a data root.
             * @enum {string}
             */
            folder: "there" | "gone" | "outside";
            /** @description Whether files came or went since the last scan; null where there was none. */
            changed: boolean | null;
            scan: components["schemas"]["ScanState"];
        };
        Weights: {
            name: string;
            architecture: string;
            title: string;
            publisher: string;
            licence: string;
            caution?: string;
            /** @description Or its leading digits. */
            sha256?: string;
            /** @description Of the input, RGB 0–1. */
            normalisation: {
                mean: [
                    number,
                    number,
                    number
                ];
                deviation: [
                    number,
                    number,
                    number
                ];
            };
            /** @enum {string} */
            padding: "torch" | "same";
            /** @description Whether the architecture has these where nobody names any. */
            default: boolean;
            /**
             * @description "absent" is fetched on use; "missing" was here and is not.
             * @enum {string}
             */
            whereabouts: "shipped" | "added" | "cached" | "absent" | "missing";
            file: string;
            /** @description Of what is here. */
            bytes?: number;
            /** @description As the publisher states it. */
            size?: string;
            download: components["schemas"]["DownloadState"];
        };
        DownloadState: {
            /** @enum {string} */
            state: "none" | "downloading" | "done" | "failed" | "cancelled";
            progress?: {
                stage: string;
                subject: string;
                done: number;
                total?: number;
                /** @enum {string} */
                unit: "bytes" | "steps";
            };
            problem?: components["schemas"]["LocatedProblem"];
        };
        AddedWeights: {
            name: string;
            /** @description Whose names the tensors have. */
            keyMap: string;
            missing: string[];
            unused: string[];
            ignored: string[];
            problems: components["schemas"]["LocatedProblem"][];
        };
        WeightsCheck: {
            name: string;
            architecture: string;
            title: string;
            file: string;
            sha256: string;
            /** @description Of the input, RGB 0–1. */
            normalisation: {
                mean: [
                    number,
                    number,
                    number
                ];
                deviation: [
                    number,
                    number,
                    number
                ];
            };
            /** @enum {string} */
            padding: "torch" | "same";
            /** @description Whose names the tensors have. */
            keyMap: string;
            missing: string[];
            unused: string[];
            ignored: string[];
            problems: components["schemas"]["LocatedProblem"][];
            /** @description What cannot be told of them. */
            untold: string[];
            /** @enum {string} */
            form: "plain" | "folded";
            /** @description The last stage that is covered, where there is nothing of those after it; null where all are covered, or some in part. */
            reaches: string | null;
            stages: {
                stage: string;
                shape: number[];
                mean: number | null;
                deviation: number | null;
                largest: number | null;
                zeros: number | null;
                deadChannels: number;
                notFinite: number;
            }[];
            fits: {
                form: {
                    name: string;
                    mean: [
                        number,
                        number,
                        number
                    ];
                    deviation: [
                        number,
                        number,
                        number
                    ];
                    /** @enum {string} */
                    order: "RGB" | "BGR";
                };
                divergence: number | null;
                ratio: number | null;
            }[];
            firstLayer?: {
                [key: string]: unknown;
            };
        };
        Shown: {
            /** @constant */
            kind: "image";
            picture: {
                /** @description Where it can be fetched, for some minutes. */
                url: string;
                media: string;
                /** @description Of a PNG, px. */
                size?: {
                    height: number;
                    width: number;
                };
            };
            /** @description The values of the darkest and the lightest colour. */
            range: {
                low: number;
                high: number;
            };
        } | {
            /** @enum {string} */
            kind: "mean" | "map";
            picture: {
                /** @description Where it can be fetched, for some minutes. */
                url: string;
                media: string;
                /** @description Of a PNG, px. */
                size?: {
                    height: number;
                    width: number;
                };
            };
            /** @description The values of the darkest and the lightest colour. */
            range: {
                low: number;
                high: number;
            };
            /** @description The colours from the low end of the range to the high one, at even distances, `#rrggbb`. */
            colours: string[];
        } | {
            /** @constant */
            kind: "channels";
            picture: {
                /** @description Where it can be fetched, for some minutes. */
                url: string;
                media: string;
                /** @description Of a PNG, px. */
                size?: {
                    height: number;
                    width: number;
                };
            };
            channels: number[];
            columns: number;
            tile: {
                height: number;
                width: number;
            };
            gap: number;
        } | {
            /** @constant */
            kind: "pca";
            picture: {
                /** @description Where it can be fetched, for some minutes. */
                url: string;
                media: string;
                /** @description Of a PNG, px. */
                size?: {
                    height: number;
                    width: number;
                };
            };
            /** @description Share of the variance along each direction. */
            explained: number[];
        } | {
            /** @constant */
            kind: "histogram";
            low: number;
            high: number;
            counts: number[];
            mean: number;
            deviation: number;
            /** @description Values that are infinite or no number; they are in no bin. */
            notFinite: number;
        } | {
            /** @constant */
            kind: "score";
            /** @description Null where it is no finite number. */
            score: number | null;
        } | {
            /** @constant */
            kind: "raw";
            picture: {
                /** @description Where it can be fetched, for some minutes. */
                url: string;
                media: string;
                /** @description Of a PNG, px. */
                size?: {
                    height: number;
                    width: number;
                };
            };
        };
        Run: {
            id: string;
            name: string;
            /** @enum {string} */
            state: "queued" | "running" | "paused" | "done" | "failed" | "cancelled" | "interrupted" | "broken";
            /** @description What a run at work is about to become. */
            stopping: ("cancelled" | "paused") | null;
            /** @description Whether it was asked for here, so that it can be cancelled, paused and gone on with here. */
            isQueued: boolean;
            priority: number;
            graph: {
                id: string;
                revision: number;
            } | null;
            seed: number;
            created: string;
            ended: string | null;
            problem: ({
                code: string;
                /** @enum {string} */
                severity: "error" | "warning";
                message: string;
            } & {
                [key: string]: unknown;
            }) | null;
            progress: {
                category: string | null;
                /** @description Of how many categories it is the how-manieth, from 1. */
                index: number;
                total: number;
                /** @description What the category asks for. */
                work: {
                    /** @description In the order they run, with the most epochs that each may take. */
                    fits: {
                        fit: string;
                        epochs: number;
                    }[];
                    images: {
                        train: number;
                        validation: number;
                        test: number;
                    };
                } | null;
                /** @description Of the whole run, 0–1, estimated by the passes of images that its parts take; it only grows. */
                share: number;
                /** @enum {string} */
                stage: "preparing" | "reading" | "fit" | "calibrate" | "predict";
                /** @description The node whose fit is at work. */
                fit: string | null;
                /** @description Nodes at work. */
                nodes: string[];
                epoch: number;
                epochs: number;
                /** @description Steps or images, whichever are counted now. */
                done: number;
                of: number;
                stepsPerSecond: number | null;
                /** @description Until the fit has run all its epochs. */
                secondsLeft: number | null;
                /** @description Resident memory of its process, bytes. */
                memory: number;
            } | null;
            /** @description What its weights permit one to conclude of its figures, where that is limited. */
            cautions: string[];
            /** @description By category; fractions, 0–1. */
            metrics: {
                [key: string]: {
                    imageAuroc: number | null;
                    pixelAuroc: number | null;
                    aupro: number | null;
                };
            };
        };
        RunEvent: {
            seq: number;
            at: string;
            event: {
                type: string;
            } & {
                [key: string]: unknown;
            };
        };
        Exporter: {
            name: string;
            title: string;
            summary: string;
            /** @description How its files may end. */
            extensions: string[];
            /** @description The plugin that brings it; null of those that come with Stillroom. */
            plugin: string | null;
        };
        ChangeOutput: {
            /** @description Keys from the outside in; an edge goes by the input that it leads to, a frame or a note by its id. */
            path: string[];
            /** @description What the change was made on; absent where nothing was. */
            before?: unknown;
            /** @description What it puts there; absent to take it away. */
            after?: unknown;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether the server is there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                        version: string;
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGraphs: {
        parameters: {
            query?: {
                /** @description Only those whose name holds this, in capitals or not. */
                name?: string;
                /** @description Those that were removed instead. */
                removed?: "true" | "false";
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every graph, the one changed last first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number;
                        graphs: {
                            id: string;
                            name: string;
                            revision?: number;
                            /** Format: date-time */
                            modified?: string;
                            /** @description Why it cannot be read. */
                            problem?: string;
                        }[];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createGraph: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A graph document. */
                    document?: unknown;
                    /** @description Id of a template, instead. */
                    template?: string;
                    /** @description Instead of its own. */
                    name?: string;
                    /**
                     * @description Who makes the edit; shown in the history.
                     * @default api
                     */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Keep a new graph: a document, or a template */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewGraph"];
                };
            };
            /** @description There is no template of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readGraph: {
        parameters: {
            query?: {
                revision?: number;
            };
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A graph: its newest revision, or an earlier one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Graph"];
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saveGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    document: unknown;
                    revision: number;
                    /**
                     * @description Who makes the edit; shown in the history.
                     * @default api
                     */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Save a graph whole, on the revision that it was made of */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewGraph"];
                };
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The graph was changed since that revision; nothing is changed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The graph is no longer of the revision that If-Match names; nothing is changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Take a graph out of the list; its files are kept, and it can be restored */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The graph is no longer of the revision that If-Match names; nothing is changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    editGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    patch: components["schemas"]["Change"][];
                    /** @description The one that the edit was made on. */
                    revision?: number;
                    /**
                     * @description Who makes the edit; shown in the history.
                     * @default api
                     */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Make an edit; made on an older revision, it fits where it touches other fields than the edits since */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditedGraph"];
                };
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What the edit touches was changed since; nothing is changed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The graph is no longer of the revision that If-Match names; nothing is changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restoreGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Put a graph that was removed back into the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Graph"];
                };
            };
            /** @description No graph of this id was removed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    duplicateGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /**
                     * @description Who makes the edit; shown in the history.
                     * @default api
                     */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Keep a copy of a graph under another name */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Graph"];
                };
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Graphs to begin with: the default, the models that it is made of, its ablations, and those that plugins offer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        templates: {
                            id: string;
                            name: string;
                            description?: string;
                            cite?: string;
                            /** @description The plugin that offers it; null of those that ship. */
                            plugin: string | null;
                        }[];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description With `/` as `%2F`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A graph to begin with */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description A Stillroom graph. */
                        document: {
                            $schema?: string;
                            /**
                             * @description Version of the document format.
                             * @constant
                             */
                            stillroom: 1;
                            name: string;
                            description?: string;
                            /** @description Source of the method: paper, section. */
                            cite?: string;
                            /** @description Plugins that its node types come from, by their npm name, each with the version that it was saved with. It changes no result. */
                            requires?: {
                                [key: string]: string;
                            };
                            nodes: {
                                [key: string]: components["schemas"]["node"];
                            };
                            edges: components["schemas"]["edge"][];
                            subgraphs?: {
                                [key: string]: components["schemas"]["subgraph"];
                            };
                            layout?: components["schemas"]["layout"];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No graph of this name ships, nor is offered by a plugin. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importGraph: {
        parameters: {
            query?: {
                /** @description Who makes the edit; shown in the history. */
                by?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Keep the graph of a file, of this version of the format or an older one */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewGraph"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportGraph: {
        parameters: {
            query?: {
                revision?: number;
            };
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A graph as a file: the one text of its document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRevisions: {
        parameters: {
            query?: {
                /** @description Only later revisions than this; where there are more than `limit`, the first of them. */
                after?: number;
                /** @description Only earlier revisions than this. */
                before?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The edits of a graph, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of all edits. */
                        total: number;
                        revisions: components["schemas"]["Revision"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revertGraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the graph. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    revision: number;
                    /**
                     * @description Who makes the edit; shown in the history.
                     * @default api
                     */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Make an earlier revision the newest, as one more edit */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Graph"];
                };
            };
            /** @description There is no graph of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The graph is no longer of the revision that If-Match names; nothing is changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffGraphs: {
        parameters: {
            query: {
                /** @description A graph: `graphs/ID`, an earlier revision of it: `graphs/ID@REVISION`, the graph of a run: `runs/ID`, one to begin with: `templates/ID`. */
                from: string;
                /** @description A graph: `graphs/ID`, an earlier revision of it: `graphs/ID@REVISION`, the graph of a run: `runs/ID`, one to begin with: `templates/ID`. */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is not the same in two graphs: by logic, and as the edit that makes the one of the other */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether both compute the same; layout, titles and comments are no part of that. A run has the epochs that it was asked for. */
                        isSameLogic: boolean;
                        /** @description Nodes, parameters (a default counts as given) and edges that differ, sub-graphs expanded; null where there is none. */
                        logic: {
                            what: string;
                            from: string | null;
                            to: string | null;
                        }[];
                        /** @description The same by node and in words, for people: titles, units, where inputs come from; null where there is none. */
                        nodes: {
                            /** @description Its id; of one inside of an instance of a sub-graph, `instance/id`. */
                            node: string;
                            title: string;
                            /** @enum {string} */
                            is: "added" | "removed" | "changed";
                            details: {
                                /** @enum {string} */
                                of: "type" | "state" | "parameter" | "input";
                                /** @description Of the parameter or the input; else empty. */
                                name: string;
                                from: string | null;
                                to: string | null;
                            }[];
                        }[];
                        patch: components["schemas"]["ChangeOutput"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such graph, revision or run. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkGraph: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    document: unknown;
                };
            };
        };
        responses: {
            /** @description What is wrong with a document, and what flows in it: shapes, strides and costs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether it can be run. */
                        ok: boolean;
                        /** @description Equal for documents that compute the same. */
                        identity: string;
                        problems: components["schemas"]["LocatedProblem"][];
                        nodes: {
                            [key: string]: {
                                type: string;
                                title: string;
                                params: {
                                    [key: string]: unknown;
                                };
                                outputs: {
                                    [key: string]: {
                                        /** @description Socket type. */
                                        type: string;
                                        /** @description Of one sample. */
                                        shape: number[];
                                        /** @description Pixels of the input image between neighbouring positions. */
                                        stride?: number;
                                        /** @description Height and width of the image that it is computed from. */
                                        image?: [
                                            number,
                                            number
                                        ];
                                        /** @description Of a map that may be below zero. */
                                        centred?: boolean;
                                    };
                                };
                                cost: components["schemas"]["Cost"];
                            };
                        };
                        edges: {
                            /** @description Socket type. */
                            type: string;
                            /** @description Of one sample. */
                            shape: number[];
                            /** @description Pixels of the input image between neighbouring positions. */
                            stride?: number;
                            /** @description Height and width of the image that it is computed from. */
                            image?: [
                                number,
                                number
                            ];
                            /** @description Of a map that may be below zero. */
                            centred?: boolean;
                            from: string;
                            to: string;
                            /** @description Sockets of instances of sub-graphs on the way. */
                            via: string[];
                            /** @description Shape and stride, such as `14×14×112 /16`, or what the socket type says of it. */
                            text: string;
                        }[];
                        /** @description Of every node of the document whose type is known, and of every instance of a sub-graph, with the parameters that it has. */
                        sockets: {
                            [key: string]: {
                                inputs: {
                                    [key: string]: {
                                        /** @description What may flow there: only equal types fit. */
                                        type: string;
                                        title?: string;
                                        optional?: boolean;
                                    };
                                };
                                outputs: {
                                    [key: string]: {
                                        /** @description What may flow there: only equal types fit. */
                                        type: string;
                                        title?: string;
                                        optional?: boolean;
                                    };
                                };
                            };
                        };
                        total: components["schemas"]["Cost"];
                    };
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compareRuns: {
        parameters: {
            query?: {
                /** @description Where absent, what `Accept` asks for. */
                format?: "json" | "csv" | "markdown" | "latex";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of runs. */
                    runs: string[];
                };
            };
        };
        responses: {
            /** @description Set finished runs beside one another: figures by category, mean and spread over seeds, and what is not the same in them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        runs: {
                            id: string;
                            name: string;
                            graph: string;
                            seed: number;
                            /** @description Hash of the images. */
                            data: string | null;
                            /** @description What its weights permit one to conclude of its figures, where that is limited. */
                            cautions: string[];
                        }[];
                        /** @description Category by category: every run, then the means over seeds. */
                        rows: {
                            /** @description Null for the mean over the categories that all runs have. */
                            category: string | null;
                            /** @description Name of the run; null for a mean over runs that differ in their seed alone. */
                            run: string | null;
                            graph: string;
                            data: string | null;
                            seeds: number[];
                            /** @description Fractions, 0–1. */
                            figures: components["schemas"]["Figures"];
                            /** @description Sample standard deviation over the seeds. */
                            spread: components["schemas"]["Figures"];
                        }[];
                        /** @description What is not the same in all; values in the order of the runs. */
                        differences: {
                            /** @enum {string} */
                            of: "settings" | "graph";
                            what: string;
                            values: (string | null)[];
                        }[];
                        warnings: components["schemas"]["LocatedProblem"][];
                    };
                    "text/csv": string;
                    "text/markdown": string;
                    "application/x-tex": string;
                };
            };
            /** @description There is no run of an id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No format that Accept asks for can be given. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A run is not finished. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNodeTypes: {
        parameters: {
            query?: {
                /** @description This one alone. */
                type?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every node type: parameters with their controls, sockets, source */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        categories: string[];
                        /** @description That packs say something of. */
                        socketTypes: components["schemas"]["SocketType"][];
                        nodes: components["schemas"]["NodeType"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSockets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    type: string;
                    /** @default {} */
                    params?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The sockets of a node type with some parameters, and what is wrong with these */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        inputs: {
                            [key: string]: {
                                /** @description What may flow there: only equal types fit. */
                                type: string;
                                title?: string;
                                optional?: boolean;
                            };
                        };
                        outputs: {
                            [key: string]: {
                                /** @description What may flow there: only equal types fit. */
                                type: string;
                                title?: string;
                                optional?: boolean;
                            };
                        };
                        problems: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPlugins: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The packs that come with Stillroom, and the plugins that are here: what they bring, and whether they are used */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        plugins: (components["schemas"]["Plugin"] | {
                            name: string;
                            /** @description That of Stillroom, of those that come with it. */
                            version?: string;
                            builtin: boolean;
                            /** @description Types. */
                            nodes: string[];
                            /** @description Names of the networks that weights are registered for. */
                            architectures: string[];
                            /** @description Names. */
                            weights: string[];
                            /** @description Types. */
                            socketTypes: string[];
                            /** @description Names. */
                            exporters: string[];
                            /** @description Names of ways of laying out datasets. */
                            layouts: string[];
                            /** @description Names of readers of files of weights. */
                            weightReaders: string[];
                            /** @description Names. */
                            optimisers: string[];
                            /** @description Names. */
                            schedules: string[];
                        })[];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addPlugin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A package of the npm registry, with or without a version, the path of a packed package or folder in a data root, or what sending one gave. */
                    from: string;
                    /** @description As it was shown. */
                    integrity: string;
                };
            };
        };
        responses: {
            /** @description Install a plugin that was looked at, and load it; its install scripts are not run */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
            /** @description A path outside of the data roots. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not of this integrity; nothing is installed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description npm could not fetch or install it. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lookAtPlugin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A package of the npm registry, with or without a version, the path of a packed package or folder in a data root, or what sending one gave. */
                    from: string;
                };
            };
        };
        responses: {
            /** @description What a plugin is that could be added; nothing of it is run or kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginFacts"];
                };
            };
            /** @description A path outside of the data roots. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description npm could not fetch or install it. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendPlugin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Send a packed package as the body, to look at it and to add it; nothing of it is run */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What it is called in what is asked next. */
                        from: string;
                        plugin: components["schemas"]["PluginFacts"];
                    };
                };
            };
            /** @description More is sent than may be. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPluginIcon: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As npm names it, with `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The icon of a plugin */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                    "image/png": string;
                    "image/webp": string;
                    "image/jpeg": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No plugin of this name is here, or it has no icon. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What its manifest names is no icon. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPluginDocs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As npm names it, with `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a plugin says of itself at length, as text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No plugin of this name is here, or it has no documentation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What its manifest names is no text. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removePlugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As npm names it, with `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove an installed plugin; graphs keep their nodes of it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No plugin of this name is here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It was not installed into the home. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    switchPlugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As npm names it, with `/` as `%2F`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    enabled: boolean;
                };
            };
        };
        responses: {
            /** @description Use a plugin, or do not; one that was switched off by itself is tried again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
            /** @description No plugin of this name is here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listClientParts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Viewers and controls of the plugins that are in use */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        parts: components["schemas"]["ClientPart"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readClientPart: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code of a viewer or control, to be run in a sandboxed frame */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No plugin that is in use has it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readEngine: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether there is something to compute with, and how far its installation is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Engine"];
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    installEngine: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What the driver shows where absent.
                     * @enum {string}
                     */
                    device?: "cpu" | "gpu";
                    /**
                     * @description Make it again even where there is one.
                     * @default false
                     */
                    again?: boolean;
                };
            };
        };
        responses: {
            /** @description Install the engine in the background, unless that goes on already; what was fetched whole is kept */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Engine"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDatasets: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every dataset that is registered, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number;
                        datasets: {
                            id: string;
                            name: string;
                            path: string;
                            /** @description ISO 8601. */
                            registered: string;
                            scan: components["schemas"]["ScanState"];
                        }[];
                        /** @description Records that could not be read when the server started. */
                        setAside: {
                            file: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerDataset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Absolute. */
                    path: string;
                    /** @description The folder's own where absent. */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Register a folder inside a data root; one that is known keeps its id */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetRecord"];
                };
            };
            /** @description The folder is in no data root. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadDataset: {
        parameters: {
            query: {
                /** @description Of the folder that is made, and of the dataset. */
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": string;
                "application/zip": string;
            };
        };
        responses: {
            /** @description Send a dataset: a form with parts "files", each with its relative path as file name, or one part "archive"; or a zip archive as the body */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetRecord"];
                };
            };
            /** @description There is a folder of this name. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More is sent than may be, or unpacks to more. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is neither a form nor an archive. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDemo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far the generated demo set is. The topic "datasets/demo" tells the same */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoState"];
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drawDemo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description All where absent. */
                    categories?: ("textile" | "leather" | "wood" | "tile" | "grid")[];
                };
            };
        };
        responses: {
            /** @description Draw the generated demo set, unless it is there, and register it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoState"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A dataset: where it is, and whether it is as it was scanned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no dataset of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgetDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forget a dataset; its folder and files stay */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no dataset of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renameDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Give a dataset another name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetRecord"];
                };
            };
            /** @description There is no dataset of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readScan: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found: categories with counts, sizes and defects, and what is not as it should be */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description ISO 8601. */
                        at: string;
                        layout: string;
                        /** @description Of all images and masks; as a run's manifest gives it. */
                        sha256: string;
                        images: number;
                        categories: {
                            name: string;
                            train: number;
                            /** @description Images that the dataset keeps to validate on; null where it leaves that to the run. */
                            validation: number | null;
                            good: number;
                            defective: number;
                            masks: number;
                            sizes: {
                                distinct: number;
                                smallest: {
                                    width: number;
                                    height: number;
                                };
                                median: {
                                    width: number;
                                    height: number;
                                };
                                largest: {
                                    width: number;
                                    height: number;
                                };
                            };
                            formats: {
                                [key: string]: number;
                            };
                            bits: {
                                [key: string]: number;
                            };
                            colours: {
                                [key: string]: number;
                            };
                            alpha: number;
                            defects: {
                                [key: string]: {
                                    images: number;
                                    masks: number;
                                    /** @description Share of an image that is marked, 0–1. */
                                    coverage: {
                                        min: number;
                                        median: number;
                                        max: number;
                                    } | null;
                                };
                            };
                        }[];
                        totalProblems: number;
                        /** @description The part that offset and limit say. */
                        problems: components["schemas"]["LocatedProblem"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no dataset of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It was not scanned. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    scanDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Even where no file has changed.
                     * @default false
                     */
                    again?: boolean;
                };
            };
        };
        responses: {
            /** @description Look at every image, in the background, unless that goes on. The topic "datasets/ID" tells how far it is */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanState"];
                };
            };
            /** @description There is no dataset of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The folder is gone. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelScan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a scan that goes on; an earlier one stays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanState"];
                };
            };
            /** @description There is no dataset of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFolders: {
        parameters: {
            query?: {
                path?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The folders in a folder inside a data root; the data roots where none is named */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        path: string | null;
                        folders: {
                            name: string;
                            path: string;
                        }[];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The folder is in no data root. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listImages: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                category?: string;
                split?: "train" | "validation" | "test";
                /** @description Its name; "good" for none. */
                defect?: string;
                seed?: number;
                /** @description Which normal images validate, as the parameter "split" of the dataset node says. */
                by?: "dataset" | "share" | "fold";
                validationShare?: number;
                folds?: number;
                fold?: number;
            };
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The images of a dataset, in the splits that a run with this seed would make */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number;
                        images: {
                            id: string;
                            path: string;
                            category: string;
                            /** @enum {string} */
                            split: "train" | "validation" | "test";
                            defect: string;
                            anomalous: boolean;
                            height: number;
                            width: number;
                            mask: boolean;
                        }[];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no dataset of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It was not scanned. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showImage: {
        parameters: {
            query?: {
                /** @description Px; never more than the image has, which is what it gets where absent. */
                width?: number;
                format?: "webp" | "png" | "jpeg";
            };
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
                /** @description Id of the image. */
                image: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An image, upright, 8 bits, at a width */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                    "image/png": string;
                    "image/jpeg": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no dataset, or no image, of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dataset was not scanned. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is gone. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showMask: {
        parameters: {
            query?: {
                /** @description Px; never more than the image has, which is what it gets where absent. */
                width?: number;
            };
            header?: never;
            path: {
                /** @description Id of the dataset. */
                id: string;
                /** @description Id of the image. */
                image: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the mask of an image marks, white on black, at a width */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no dataset, or no image, of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dataset was not scanned. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is gone. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWeights: {
        parameters: {
            query?: {
                architecture?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All weights that can be named, and where they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        architectures: {
                            name: string;
                            title: string;
                        }[];
                        weights: components["schemas"]["Weights"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addWeights: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description To use it by, such as resnet18.mine. */
                    name: string;
                    /** @description Absolute. */
                    path: string;
                    /** @description What it holds weights of; found out by looking where absent. */
                    architecture?: string;
                };
            };
        };
        responses: {
            /** @description Add a file of weights, or a folder of arrays, inside a data root: a copy is kept */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedWeights"];
                };
            };
            /** @description The file is in no data root. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadWeights: {
        parameters: {
            query: {
                /** @description To use it by, such as resnet18.mine. */
                name: string;
                /** @description Its name, such as trunk.safetensors. */
                file: string;
                /** @description What it holds weights of; found out by looking where absent. */
                architecture?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Send a file of weights (safetensors, PyTorch, NumPy) as the body, and add it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedWeights"];
                };
            };
            /** @description The name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More is sent than may be. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fetchWeights: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description To use it by, such as resnet18.mine. */
                    name: string;
                    /** @description https, of the Internet, and what it redirects to likewise. */
                    url: string;
                    /**
                     * @description That the user was shown the address and wants the file.
                     * @constant
                     */
                    confirm: true;
                    /** @description What it holds weights of; found out by looking where absent. */
                    architecture?: string;
                };
            };
        };
        responses: {
            /** @description Fetch a file from an address that the user has confirmed, in the background, and add it; the topic "weights/NAME" tells how far that is */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadState"];
                };
            };
            /** @description The address may not be fetched from. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeWeights: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as resnet18.torchvision. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove weights that were added, and their copy */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No weights of this name are registered. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description They were not added. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadWeights: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as resnet18.torchvision. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Fetch registered weights in the background, unless they are here. The topic "weights/NAME" tells how far that is */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadState"];
                };
            };
            /** @description No weights of this name are registered. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as resnet18.torchvision. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a download that goes on; the next one goes on from there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadState"];
                };
            };
            /** @description No weights of this name are registered. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkWeights: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as resnet18.torchvision. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Try weights that are here on generated images: what each stage gives, and what looks wrong. Takes seconds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WeightsCheck"];
                };
            };
            /** @description No weights of this name are registered. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description They are not here yet. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no engine yet. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A graph document; or name a kept graph. */
                    document?: unknown;
                    graph?: string;
                    /** @description Of the kept graph; the newest where absent. */
                    revision?: number;
                    /** @description The run whose fitted weights are used; weights as they start where absent. */
                    run?: components["schemas"]["GivenRun"];
                    /** @description May be left out where the run has one. */
                    category?: string;
                    images: {
                        image: components["schemas"]["GivenImage"];
                        /**
                         * @description Which tile, where the graph cuts images into tiles.
                         * @default 0
                         */
                        view?: number;
                    }[];
                    wanted: {
                        node: string;
                        /** @description An output; or an input, for what flows into it. */
                        socket: string;
                        /**
                         * @default {
                         *       "kind": "auto"
                         *     }
                         */
                        as?: components["schemas"]["Rendering"];
                    }[];
                    /** @description Names who asks: a newer preview of the same client supersedes its older ones. */
                    client?: string;
                    /** @description Grows with each preview of a client, so that an older one stays older though it may come later. */
                    turn?: number;
                };
            };
        };
        responses: {
            /** @description Run what lies above some sockets of a graph on some images, and show what flows there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        images: {
                            view: number;
                            views: number;
                            size: {
                                height: number;
                                width: number;
                            };
                        }[];
                        /** @description What the wanted values depend on. */
                        nodes: {
                            [key: string]: {
                                /** @description Stale: fitted when it or what comes before it was another. Null: it has none. */
                                weights: ("fitted" | "stale" | "unfitted" | "frozen") | null;
                                milliseconds: number;
                                /** @description For how many images it was computed. */
                                computed: number;
                                /** @description For how many it was known. */
                                cached: number;
                            };
                        };
                        values: {
                            /** @description Place in `images`. */
                            image: number;
                            node: string;
                            socket: string;
                            type: string;
                            /** @description Of one sample. */
                            shape: number[];
                            stride?: number;
                            shown: components["schemas"]["Shown"];
                        }[];
                        /** @description What all of it took, waiting included. */
                        milliseconds: number;
                    };
                };
            };
            /** @description A file outside of the data roots. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such graph, run or image. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A newer preview of the same client was asked for. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The process that computes has ended; ask again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has not answered for long, and was ended. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadPreviewImages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": string;
            };
        };
        responses: {
            /** @description Send images to be looked at; the last ones are kept for a while */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        images: {
                            upload: string;
                            name: string;
                        }[];
                    };
                };
            };
            /** @description It is more than may be sent at once. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A picture of a preview */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "application/octet-stream": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is none of this id any more. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    predict: {
        parameters: {
            query?: {
                /** @description Of images that are sent. */
                category?: string;
            };
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Files in data roots. */
                    paths: string[];
                    /** @description May be left out where the run has one. */
                    category?: string;
                };
                "multipart/form-data": string;
            };
        };
        responses: {
            /** @description Score images with a finished run: files in data roots, or images sent as files of a form */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        run: string;
                        graph: string;
                        category: string;
                        /** @description The result whose verdict is the run’s. */
                        verdict: string | null;
                        /** @description By result; from this value on it is anomalous. */
                        thresholds: {
                            [key: string]: {
                                value: number;
                                rule: string;
                                images: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                        /** @description What the weights permit one to conclude, where that is limited. */
                        cautions: string[];
                        images: ({
                            /** @description As it was named. */
                            file: string;
                            /** @description Raw; of a map its largest value, as NAME.max. */
                            scores: {
                                [key: string]: number;
                            };
                            /** @description At the threshold of the run's verdict; null where its graph gives none. */
                            anomalous: boolean | null;
                            verdicts: {
                                [key: string]: boolean;
                            };
                            /** @description Share of the image that no network saw, 0–1. */
                            uninspected: number;
                            /** @description Where its map can be fetched, for a while; add ?format=png16 or npy. */
                            map: string | null;
                        } | {
                            file: string;
                            error: {
                                code: string;
                                message: string;
                                hint?: string;
                            };
                        })[];
                        summary: {
                            images: number;
                            anomalous: number;
                            normal: number;
                            failed: number;
                        };
                    };
                    "application/x-ndjson": string;
                };
            };
            /** @description There is no finished run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is more than may be sent at once. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The process that computes has ended; ask again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has not answered for long, and was ended. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showMap: {
        parameters: {
            query?: {
                /** @description png: a picture; png16: 16 bits on one scale, which is told in it; npy: float32 as it is. */
                format?: "png" | "png16" | "npy";
            };
            header?: never;
            path: {
                id: string;
                index: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The map of an image that was scored, in the coordinates of the image */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "application/octet-stream": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such prediction any more, or the image has no map. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainPixel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description May be left out where the run has one. */
                    category?: string;
                    image: components["schemas"]["GivenImage"] | {
                        /** @description As scores.csv or split.csv of the run name it. */
                        file: string;
                    };
                    /** @description Of a score the map that it comes from is explained; the map of the run where absent. */
                    result?: string;
                    /** @description Px of the image, from the left, from 0. */
                    x: number;
                    y: number;
                    /** @description Size of the picture of the whole image that x and y are pixels of, where it is drawn at another size. */
                    within?: {
                        height: number;
                        width: number;
                    };
                    /**
                     * @description Normal patches to find of each teacher’s feature, each of another training image.
                     * @default 3
                     */
                    patches?: number;
                };
            };
        };
        responses: {
            /** @description What each layer and module contributes to a map of a run at a pixel, how far teacher and student are apart there, and the normal patches most like it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        category: string;
                        /** @description Results that can be explained. */
                        results: string[];
                        result: {
                            name: string;
                            /** @enum {string} */
                            kind: "score" | "map";
                            node: string;
                            title: string;
                            /** @description Of the map at the pixel. */
                            value: number;
                            /** @description What it would be there with every contribution at its median of normal images. */
                            usual: number | null;
                        };
                        /** @description Of the image, px. */
                        size: {
                            height: number;
                            width: number;
                        };
                        /** @description Pixel of the image. */
                        x: number;
                        y: number;
                        /** @description What the network sees of the image, px of it. */
                        inspected: {
                            left: number;
                            top: number;
                            width: number;
                            height: number;
                        };
                        view: number;
                        views: number;
                        /** @description The normal images whose values are compared with. */
                        levelsOf: ("validation" | "train") | null;
                        /** @description Why nothing is known of normal images, where that is so. */
                        unknown: string | null;
                        contributions: {
                            node: string;
                            socket: string;
                            title: string;
                            grid: {
                                height: number;
                                width: number;
                            };
                            cell: {
                                row: number;
                                column: number;
                            };
                            /** @description What the cell stands for, px of the image. */
                            box: {
                                left: number;
                                top: number;
                                width: number;
                                height: number;
                            };
                            /** @description Of its map, at the cell. */
                            value: number;
                            normal: {
                                median: number;
                                /** @description Of its values on normal images, those no larger than this one, 0–1. */
                                share: number;
                            } | null;
                            /** @description Of its values on this image, those no larger than this one, 0–1. */
                            ownShare: number;
                            teacher: {
                                node: string;
                                socket: string;
                                title: string;
                            } | null;
                            student: {
                                node: string;
                                socket: string;
                                title: string;
                            } | null;
                            gap: {
                                teacherNorm: number;
                                studentNorm: number;
                                cosine: number;
                                /** @description Length of the difference, as they are. */
                                euclidean: number;
                                /** @description 1 − cosine: half the squared length of the difference, once both have length 1. */
                                distance: number;
                                /** @description Those that differ most, once both have length 1. */
                                channels: {
                                    channel: number;
                                    teacher: number;
                                    student: number;
                                    /** @description Of the squared difference. */
                                    share: number;
                                }[];
                            } | null;
                            /** @description What the result would be at the pixel with this as it usually is on normal images; absent where that was never learnt. */
                            without?: number;
                            /** @description (value − without) / value; null where the value is 0. Effects need not add up to 1. */
                            effect?: number | null;
                        }[];
                        modules: {
                            node: string;
                            socket: string;
                            title: string;
                            value: number;
                            /** @description Places among the contributions. */
                            of: number[];
                            /** @description What the result would be at the pixel with this as it usually is on normal images; absent where that was never learnt. */
                            without?: number;
                            /** @description (value − without) / value; null where the value is 0. Effects need not add up to 1. */
                            effect?: number | null;
                        }[];
                        nearest: {
                            node: string;
                            socket: string;
                            title: string;
                            /** @description Patches that were compared. */
                            kept: number;
                            /** @description Patches that the training images have. */
                            total: number;
                            patches: {
                                image: string;
                                size: {
                                    height: number;
                                    width: number;
                                };
                                box: {
                                    left: number;
                                    top: number;
                                    width: number;
                                    height: number;
                                };
                                /** @description 1 − cosine of the teacher’s features. */
                                distance: number;
                            }[];
                        }[];
                        milliseconds: number;
                    };
                };
            };
            /** @description A file outside of the data roots. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such run, result or image. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run has not come to its end. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The process that computes has ended; ask again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has not answered for long, and was ended. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showLayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description May be left out where the run has one. */
                    category?: string;
                    image: components["schemas"]["GivenImage"] | {
                        /** @description As scores.csv or split.csv of the run name it. */
                        file: string;
                    };
                    /** @description That makes a map of both: a contribution of `why`. */
                    node: string;
                    /**
                     * @description unit: mean over channels once each position has length 1; mean: as they are; pca: main directions of both together, as RGB.
                     * @default unit
                     * @enum {string}
                     */
                    kind?: "unit" | "mean" | "pca";
                    /**
                     * @description Which tile, where the graph cuts images into tiles.
                     * @default 0
                     */
                    view?: number;
                };
            };
        };
        responses: {
            /** @description What teacher and student see of an image at one layer, and their difference, as pictures in the same colours */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What the pictures show, px of the image. */
                        shown: {
                            left: number;
                            top: number;
                            width: number;
                            height: number;
                        };
                        teacher: {
                            /** @description Where it can be fetched, for some minutes. */
                            url: string;
                            media: string;
                            /** @description Of a PNG, px. */
                            size?: {
                                height: number;
                                width: number;
                            };
                        };
                        student: {
                            /** @description Where it can be fetched, for some minutes. */
                            url: string;
                            media: string;
                            /** @description Of a PNG, px. */
                            size?: {
                                height: number;
                                width: number;
                            };
                        };
                        /** @description unit, pca: 1 − cosine; mean: the mean over channels of the distance. */
                        difference: {
                            /** @description Where it can be fetched, for some minutes. */
                            url: string;
                            media: string;
                            /** @description Of a PNG, px. */
                            size?: {
                                height: number;
                                width: number;
                            };
                        };
                        /** @description Of teacher and student; null where colours are directions. */
                        range: {
                            low: number;
                            high: number;
                        } | null;
                        /** @description The values of the darkest and the lightest colour. */
                        gapRange: {
                            low: number;
                            high: number;
                        };
                    };
                };
            };
            /** @description A file outside of the data roots. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such run, result or image. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run has not come to its end. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The process that computes has ended; ask again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has not answered for long, and was ended. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showImageOfRun: {
        parameters: {
            query: {
                /** @description As scores.csv or split.csv of the run name it. */
                file: string;
                left?: number;
                top?: number;
                /** @description Of the region, px of the image. */
                width?: number;
                height?: number;
                /** @description Width of the picture, px; of a region its longer side. */
                size?: number;
            };
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An image of the dataset of a run, or a region of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A file outside of the data roots. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such run, result or image. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tellFittedParts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A graph document; or name a kept graph. */
                    document?: unknown;
                    /** @description Id of a kept graph. */
                    graph?: string;
                    /** @description Of the kept graph; the newest where absent. */
                    revision?: number;
                };
            };
        };
        responses: {
            /** @description Which nodes of a graph the run has fitted as they are now, by what each is and what comes before it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of every node that learns and that something flows through. Stale: fitted when it or what comes before it was another. Unfitted: it was not there, or its weights had other shapes. */
                        nodes: {
                            [key: string]: "fitted" | "stale" | "unfitted";
                        };
                    };
                };
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRuns: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                state?: "queued" | "running" | "paused" | "done" | "failed" | "cancelled" | "interrupted" | "broken";
                /** @description Part of the name. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every run, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number;
                        runs: components["schemas"]["Run"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    queueRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Folder of the images; empty for the one that the dataset node names.
                     * @default
                     */
                    data?: string;
                    /**
                     * @description Only these; all where empty.
                     * @default []
                     */
                    categories?: string[];
                    /**
                     * @description Images that cannot be used: leave them out with a warning, or refuse the dataset.
                     * @default refuse
                     * @enum {string}
                     */
                    onProblem?: "skip" | "refuse";
                    /** @default 0 */
                    seed?: number;
                    /**
                     * @description Of every fit, instead of what the graph says.
                     * @default null
                     */
                    epochs?: number | null;
                    /**
                     * @description Name or file of weights, by architecture.
                     * @default {}
                     */
                    weights?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Parameters, as "node.parameter": value.
                     * @default {}
                     */
                    set?: {
                        [key: string]: string | number | boolean | (string | number)[] | null;
                    };
                    /**
                     * @default native
                     * @enum {string}
                     */
                    mode?: "native" | "eager";
                    /**
                     * @description Memory for frozen features kept across epochs, MB; null to keep none.
                     * @default 1024
                     */
                    featureMemory?: number | null;
                    /**
                     * @description Memory for normal patches of each category, which "why here?" compares with, MB; 0 to keep none.
                     * @default 32
                     */
                    patchMemory?: number;
                    /**
                     * @description Fetch nothing.
                     * @default false
                     */
                    offline?: boolean;
                    /** @description Id of a kept graph; or give a document. */
                    graph?: string;
                    /** @description Of the kept graph; the newest where absent. */
                    revision?: number;
                    /** @description A graph document. */
                    document?: unknown;
                    /** @description Id of a registered dataset, in place of a folder in "data". */
                    dataset?: string;
                    /** @description The name of the graph where absent. */
                    name?: string;
                    /**
                     * @description The larger the sooner; of equal ones the one asked for first.
                     * @default 0
                     */
                    priority?: number;
                };
            };
        };
        responses: {
            /** @description Ask for a run of a graph on a dataset */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A file or folder outside of the data roots. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no graph, or no dataset, of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A run: what was asked for, where it is, what it has measured */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        name: string;
                        /** @enum {string} */
                        state: "queued" | "running" | "paused" | "done" | "failed" | "cancelled" | "interrupted" | "broken";
                        /** @description What a run at work is about to become. */
                        stopping: ("cancelled" | "paused") | null;
                        /** @description Whether it was asked for here, so that it can be cancelled, paused and gone on with here. */
                        isQueued: boolean;
                        priority: number;
                        graph: {
                            id: string;
                            revision: number;
                        } | null;
                        seed: number;
                        created: string;
                        ended: string | null;
                        problem: ({
                            code: string;
                            /** @enum {string} */
                            severity: "error" | "warning";
                            message: string;
                        } & {
                            [key: string]: unknown;
                        }) | null;
                        progress: {
                            category: string | null;
                            /** @description Of how many categories it is the how-manieth, from 1. */
                            index: number;
                            total: number;
                            /** @description What the category asks for. */
                            work: {
                                /** @description In the order they run, with the most epochs that each may take. */
                                fits: {
                                    fit: string;
                                    epochs: number;
                                }[];
                                images: {
                                    train: number;
                                    validation: number;
                                    test: number;
                                };
                            } | null;
                            /** @description Of the whole run, 0–1, estimated by the passes of images that its parts take; it only grows. */
                            share: number;
                            /** @enum {string} */
                            stage: "preparing" | "reading" | "fit" | "calibrate" | "predict";
                            /** @description The node whose fit is at work. */
                            fit: string | null;
                            /** @description Nodes at work. */
                            nodes: string[];
                            epoch: number;
                            epochs: number;
                            /** @description Steps or images, whichever are counted now. */
                            done: number;
                            of: number;
                            stepsPerSecond: number | null;
                            /** @description Until the fit has run all its epochs. */
                            secondsLeft: number | null;
                            /** @description Resident memory of its process, bytes. */
                            memory: number;
                        } | null;
                        /** @description What its weights permit one to conclude of its figures, where that is limited. */
                        cautions: string[];
                        /** @description By category; fractions, 0–1. */
                        metrics: {
                            [key: string]: {
                                imageAuroc: number | null;
                                pixelAuroc: number | null;
                                aupro: number | null;
                            };
                        };
                        asked: {
                            /**
                             * @description Folder of the images; empty for the one that the dataset node names.
                             * @default
                             */
                            data: string;
                            /**
                             * @description Only these; all where empty.
                             * @default []
                             */
                            categories: string[];
                            /**
                             * @description Images that cannot be used: leave them out with a warning, or refuse the dataset.
                             * @default refuse
                             * @enum {string}
                             */
                            onProblem: "skip" | "refuse";
                            /** @default 0 */
                            seed: number;
                            /**
                             * @description Of every fit, instead of what the graph says.
                             * @default null
                             */
                            epochs: number | null;
                            /**
                             * @description Name or file of weights, by architecture.
                             * @default {}
                             */
                            weights: {
                                [key: string]: string;
                            };
                            /**
                             * @description Parameters, as "node.parameter": value.
                             * @default {}
                             */
                            set: {
                                [key: string]: string | number | boolean | (string | number)[] | null;
                            };
                            /**
                             * @default native
                             * @enum {string}
                             */
                            mode: "native" | "eager";
                            /**
                             * @description Memory for frozen features kept across epochs, MB; null to keep none.
                             * @default 1024
                             */
                            featureMemory: number | null;
                            /**
                             * @description Memory for normal patches of each category, which "why here?" compares with, MB; 0 to keep none.
                             * @default 32
                             */
                            patchMemory: number;
                            /**
                             * @description Fetch nothing.
                             * @default false
                             */
                            offline: boolean;
                        } | null;
                        attempts: ({
                            started: string;
                            ended: string | null;
                            outcome: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        manifest: {
                            [key: string]: unknown;
                        } | null;
                        /** @description Metrics by category, those of every named result too. */
                        results: {
                            [key: string]: {
                                [key: string]: unknown;
                            };
                        };
                        /** @description What of its files is not there or cannot be read. */
                        missing: string[];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Take a run out of the list; its folder is kept among the removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run is at work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prioritiseRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The larger the sooner; of equal ones the one asked for first. */
                    priority: number;
                };
            };
        };
        responses: {
            /** @description Change the priority of a run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancel a run; one at work saves its last whole epoch first */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run is over, or at work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pause a run; one at work saves its last whole epoch first */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run is over, or at work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Go on with a paused run from its last whole epoch */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run is over, or at work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Go on with a run that failed or was cancelled, from its last whole epoch */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run is over, or at work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened in a run, from a number on; sockets tell the same as it happens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Number of the newest. */
                        last: number;
                        events: components["schemas"]["RunEvent"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCategory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
                category: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A category of a run: losses, curves, raw scores of its test images, pictures of maps */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        fits: {
                            fit: string;
                            epochs: ({
                                epoch: number;
                            } & {
                                [key: string]: unknown;
                            })[];
                        }[];
                        reports: {
                            [key: string]: {
                                [key: string]: unknown;
                            };
                        } | null;
                        scores: {
                            file: string;
                            defect: string;
                            anomalous: boolean;
                            scores: {
                                [key: string]: number;
                            };
                            /** @description Path of its picture in the run. */
                            map: string | null;
                        }[] | null;
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no run of this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFileOfRun: {
        parameters: {
            query: {
                path: string;
            };
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file of a run, such as report.html or a picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such run, or no such file in it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue of runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        concurrency: number;
                        isHeld: boolean;
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    concurrency?: number;
                    isHeld?: boolean;
                };
            };
        };
        responses: {
            /** @description Hold the queue, so that no queued run begins; or say how many may be at work at once. Both stay so over restarts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        concurrency: number;
                        isHeld: boolean;
                    };
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExporters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a finished run can be written as */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        exporters: components["schemas"]["Exporter"][];
                    };
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    exporter: string;
                    /** @description This one alone. */
                    category?: string;
                };
            };
        };
        responses: {
            /** @description Write a finished run, in a process of its own; it is kept until the next export of its kind */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        exporter: string;
                        files: {
                            path: string;
                            bytes: number;
                        }[];
                        milliseconds: number;
                    };
                };
            };
            /** @description There is no such run, or no such exporter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run is not finished, or the same export is at work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The exporter failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It was not done in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFileOfExport: {
        parameters: {
            query: {
                exporter: string;
                path: string;
            };
            header?: never;
            path: {
                /** @description Id of the run: the name of its folder. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file of an export */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description It is as the ETag that If-None-Match names; nothing is sent. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such run, or no such file of an export. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
