// Not the package's own: values are told apart here, so that a handler written in a template may leave its event untyped.
type Value = ((...given: any[]) => unknown) | object | string | number | bigint | boolean | null | undefined;
declare const htm: {
  bind<Node>(
    h: (type: any, props: any, ...children: any[]) => Node,
  ): (strings: TemplateStringsArray, ...values: Value[]) => Node | Node[];
};
export default htm;
