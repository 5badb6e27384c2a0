export async function references() {}
