/** Version of this contract, by semantic versioning: a plugin says in its manifest which it is made for (`"api": "^1.0.0"`). */
export const apiVersion = '1.0.0';
