"""`elasticio check`: compares a component with the rules of the platform's designer and of the runtime.

command            the options, the output and the exit code
examine            reads a component's files and applies all checks
findings           a finding: file, place, what is wrong, what to do
json_file          reads a JSON file with the lines of its values
structure          the types of the values in component.json and in the mapper's schemas
metadata_files     reads the schemas of functions
modules            imports the modules of a component in a separate process, which runs import_modules
callables          why the runtime cannot call a function of a component
checked_component  what the rules read
rules              the rules, in sections
"""
