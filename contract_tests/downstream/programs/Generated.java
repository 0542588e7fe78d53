// The label that generated Java bears. It left the JDK with Java 11, and of the output's libraries it alone is not in
// the generator's own jar.
package javax.annotation;

public @interface Generated {
  String value();

  String date();

  String comments();
}
