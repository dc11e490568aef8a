export const documentOf = async () => "";
