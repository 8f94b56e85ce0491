// SPDX-License-Identifier: LGPL-2.1-or-later
//
// As much of GJS and GLib as the declarations stand on: who writes programs takes
// those of a package, such as @girs/gjs.
declare const ARGV: string[];
declare function printerr(...values: unknown[]): void;
declare function print(...values: unknown[]): void;

interface TextEncoder {
  encode(text: string): Uint8Array;
}
declare const TextEncoder: {new (): TextEncoder};

declare module 'gi://GObject' {
  namespace GObject {
    interface GType<T> {
      readonly name: string;
      readonly of?: T;
    }
    class Object {
      connect(signal: string, callback: (...args: any[]) => unknown): number;
      disconnect(id: number): void;
      run_dispose(): void;
    }
    interface ParamSpec {
      readonly name: string;
    }
  }
  export default GObject;
}

declare module 'gi://GLib' {
  namespace GLib {
    class Error {
      constructor(domain: unknown, code: number, message: string);
      readonly code: number;
      readonly message: string;
      matches(domain: unknown, code: number): boolean;
    }
    class Bytes {
      toArray(): Uint8Array;
    }
    class Variant {
      deepUnpack(): unknown;
    }
    enum SeekType {
      CUR = 0,
    }
    const PRIORITY_DEFAULT: number;
    function getenv(name: string): string | null;
  }
  export default GLib;
}

declare module 'gi://Gio' {
  import GObject from 'gi://GObject';
  namespace Gio {
    interface AsyncResult {}
    class Cancellable extends GObject.Object {
      cancel(): void;
      static 'new'(): Cancellable;
    }
    interface ListModel extends GObject.Object {
      get_n_items(): number;
      get_item(position: number): GObject.Object | null;
    }
    class InputStream extends GObject.Object {}
    class OutputStream extends GObject.Object {
      write_all_async(data: Uint8Array, priority: number, cancellable: Cancellable | null): Promise<number>;
    }
    class DataInputStream extends InputStream {
      constructor(properties: {baseStream: InputStream});
      read_line_async(priority: number, cancellable: Cancellable | null): Promise<[string | null, number]>;
    }
    class IOStream extends GObject.Object {
      get_input_stream(): InputStream;
      get_output_stream(): OutputStream;
      close_async(priority: number, cancellable: Cancellable | null): Promise<boolean>;
    }
    class File extends GObject.Object {
      static new_for_path(path: string): File;
      static new_for_commandline_arg(argument: string): File;
      static new_tmp(pattern: string): [File, IOStream];
      get_path(): string;
      delete(cancellable: Cancellable | null): boolean;
    }
    class Subprocess extends GObject.Object {
      static 'new'(argv: string[], flags: number): Subprocess;
      wait_check_async(cancellable: Cancellable | null): Promise<boolean>;
    }
    enum FileCopyFlags {
      NONE = 0,
      OVERWRITE = 1,
    }
    enum IOErrorEnum {
      CANCELLED = 19,
    }
    type FileProgressCallback = (current: number, total: number) => void;
    interface SocketConnectable {}
    class Credentials extends GObject.Object {}
    class TlsCertificate extends GObject.Object {}
    class TlsDatabase extends GObject.Object {}
    function _promisify(holder: object, start: string, finish?: string): void;
  }
  export default Gio;
}

declare module 'gi://Json' {
  namespace Json {
    class Node {}
  }
  export default Json;
}
